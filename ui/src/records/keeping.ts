import type { Values } from "@/api/types";

import { unsent } from "./draft";

/** What somebody typed and has not saved: the changes, and what the fields held when they were made. */
export interface Kept {
  version: number;
  base: Values;
  changes: Values;
}

const PREFIX = "chengdan.typed";
const MONTH_MS = 30 * 24 * 3600 * 1000;

/** The place of what `user` types into a record's page, or into the form of a new one (`id` is then the parent or ""). */
export function placeOf(user: string, object: string, id: string): string {
  return [PREFIX, user, object, id].join("/");
}

/** Keeps what was typed in this browser; nothing typed takes it away. */
export function keep(place: string, kept: Kept): void {
  try {
    if (Object.keys(kept.changes).length === 0) localStorage.removeItem(place);
    else localStorage.setItem(place, JSON.stringify({ ...kept, at: Date.now() }));
  } catch {
    // A full or forbidden store: the page works on, it only forgets on leaving.
  }
}

export function kept(place: string): Kept | null {
  try {
    const found = JSON.parse(localStorage.getItem(place) ?? "null") as (Kept & { at: number }) | null;
    if (!found || Date.now() - found.at > MONTH_MS) return null;
    return found;
  } catch {
    return null;
  }
}

/** Whether anything that `user` typed is kept. */
export function hasTyped(user: string): boolean {
  return placesOf(user).length > 0;
}

/** Takes away everything that `user` typed. */
export function forgetTyped(user: string): void {
  for (const place of placesOf(user)) localStorage.removeItem(place);
}

function placesOf(user: string): string[] {
  return Object.keys(localStorage).filter((place) => place.startsWith(`${PREFIX}/${user}/`));
}

/** Of what is kept there only what differs from what was sent and is now `saved` stays. */
export function keepUnsent(place: string, sent: Values, saved: Values): void {
  const now = kept(place);
  if (now) keep(place, { ...now, base: { ...now.base, ...saved }, changes: unsent(now.changes, sent) });
}

export function forget(place: string): void {
  keep(place, { version: 0, base: {}, changes: {} });
}
