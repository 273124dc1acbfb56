import { describe, expect, it } from "vitest";

import type { By, OverrideItem } from "./answer";
import { countedUnder } from "./tally";

const item = (id: string, who: string | null, to: string | null, hard: string[], soft: string[] = []): OverrideItem => ({
  id,
  at: id,
  by: who === null ? null : { id: who, label: who },
  title: id,
  from: "a",
  to,
  reason: "r",
  hard,
  soft,
});
const ITEMS = [
  item("1", "wang", "demo", ["form", "budget"]),
  item("2", "li", "won", [], ["form"]),
  item("3", "wang", null, ["form"]),
  item("4", null, "won", ["budget"]),
];

describe("exceptions", () => {
  it("are found by the person, the stage or the deliverable that they are counted under", () => {
    const found = (by: By, key: string | null) => countedUnder(ITEMS, by, key).map(({ id }) => id);
    expect(found("person", "wang")).toEqual(["1", "3"]);
    expect(found("person", null)).toEqual(["4"]);
    expect(found("stage", "won")).toEqual(["2", "4"]);
    expect(found("stage", null)).toEqual(["3"]);
    expect(found("deliverable", "form")).toEqual(["1", "2", "3"]);
    expect(found("deliverable", "budget")).toEqual(["1", "4"]);
  });
});
