/** The records that were open last, in this browser; forgotten on logging out. */

export interface Recent {
  object: string;
  id: string;
  title: string;
}

const STORE = "chengdan.recent";
const KEPT = 12;
let seen: { text: string | null; list: Recent[] } = { text: null, list: [] };

/** Puts a record first. */
export function noteRecent(user: string, recent: Recent): void {
  const others = readRecent(user).filter((one) => one.id !== recent.id);
  localStorage.setItem(STORE, JSON.stringify({ user, all: [recent, ...others].slice(0, KEPT) }));
}

export function forgetRecent(): void {
  localStorage.removeItem(STORE);
}

/** What `user` had open, the last one first. */
export function readRecent(user: string): Recent[] {
  const text = localStorage.getItem(STORE);
  if (text !== seen.text) seen = { text, list: parse(text, user) };
  return seen.list;
}

function parse(text: string | null, user: string): Recent[] {
  try {
    const kept = JSON.parse(text ?? "{}") as { user?: string; all?: Recent[] };
    return kept.user === user && Array.isArray(kept.all) ? kept.all : [];
  } catch {
    return [];
  }
}
