import type { By, OverrideItem } from "./answer";

/** Those of the exceptions that are counted under a person, a stage or a deliverable (under every one they went without). */
export function countedUnder(items: readonly OverrideItem[], by: By, key: string | null): OverrideItem[] {
  return items.filter((item) => keysOf(item, by).includes(key));
}

function keysOf(item: OverrideItem, by: By): (string | null)[] {
  if (by === "person") return [item.by?.id ?? null];
  return by === "stage" ? [item.to] : [...item.hard, ...item.soft];
}
