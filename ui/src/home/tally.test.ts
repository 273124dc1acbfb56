import { describe, expect, it } from "vitest";

import type { OverrideItem } from "./answer";
import { tally } from "./tally";

const item = (id: string, who: string, to: string, hard: string[], soft: string[] = []): OverrideItem =>
  ({ id, at: id, by: { id: who, label: who }, title: id, from: "a", to, reason: "r", hard, soft }) as OverrideItem;
const ITEMS = [item("1", "wang", "demo", ["form", "budget"]), item("2", "li", "won", [], ["form"]), item("3", "wang", "won", ["form"])];

describe("exceptions", () => {
  it("are counted by person, stage and deliverable, the most first", () => {
    const counts = (by: "person" | "stage" | "deliverable") => tally(ITEMS, by).map(({ key, items }) => [key, items.length]);
    expect(counts("person")).toEqual([["wang", 2], ["li", 1]]);
    expect(counts("stage")).toEqual([["won", 2], ["demo", 1]]);
    expect(counts("deliverable")).toEqual([["form", 3], ["budget", 1]]);
  });
});
