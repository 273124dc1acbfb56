import type { OverrideItem } from "./answer";

export type By = "person" | "stage" | "deliverable";

export interface Tally {
  key: string;
  items: OverrideItem[];
}

/** Exceptions counted by who made them, into which stage, or without which deliverable (each counts once for every one); the most first. */
export function tally(items: OverrideItem[], by: By): Tally[] {
  const found = new Map<string, OverrideItem[]>();
  for (const item of items) for (const key of keysOf(item, by)) found.set(key, [...(found.get(key) ?? []), item]);
  return [...found].map(([key, of]) => ({ key, items: of })).sort((one, other) => other.items.length - one.items.length);
}

function keysOf(item: OverrideItem, by: By): string[] {
  if (by === "person") return [String(item.by?.id ?? "")];
  return by === "stage" ? [item.to ?? ""] : [...item.hard, ...item.soft];
}
