import { describe, expect, it } from "vitest";

import type { Field } from "@/api/types";

import { addedUp, conditionOf, countOf, keyOf, measuresOf, readGroups } from "./groups";
import { groupedLines } from "./lines";
import { nextPlace, pagesUpTo } from "./useGroupedRows";

const field = (name: string, stored_type: Field["stored_type"], more: Partial<Field> = {}): Field => ({
  name,
  type: stored_type,
  stored_type,
  label: { zh: name, en: name },
  ...more,
});
const STAGE = field("stage", "select");
const COLUMNS = [
  field("amount", "money"),
  field("discount", "percent"),
  field("founded", "integer", { grouped: false }),
  field("silent_days", "integer", { summed: false }),
  STAGE,
];
const option = (value: string) => ({ value, label: { zh: value, en: value } });
const page = (group: string, next_cursor: string | null) => ({ group, items: [], next_cursor });

describe("groups", () => {
  it("ask for sums of amounts, and for means of percentages and ages", () => {
    expect(measuresOf(COLUMNS)).toEqual([
      { fn: "count" },
      { fn: "sum", field: "amount" },
      { fn: "avg", field: "discount" },
      { fn: "avg", field: "silent_days" },
    ]);
  });

  it("stand in the order of the choices, those without a value last", () => {
    const rows = [
      { stage: null, count: 9, sum_amount: 1, avg_discount: null },
      { stage: "won", count: 1, sum_amount: "20.5", avg_discount: 3 },
      { stage: "gone", count: 4, sum_amount: 0, avg_discount: null },
      { stage: "new", count: 2, sum_amount: 0, avg_discount: null },
    ];
    const groups = readGroups(rows, STAGE, COLUMNS, [option("new"), option("won")]);
    expect(groups.map((group) => group.key)).toEqual(["new", "won", "gone", ""]);
    expect(countOf(groups)).toBe(16);
    expect(addedUp(groups, COLUMNS)).toEqual({ amount: { CNY: 21.5 } });
    expect(groups[1]).toEqual({ key: "won", value: "won", count: 1, sums: { amount: { CNY: 20.5 }, discount: 3 } });
  });

  it("add up each currency for itself", () => {
    const rows = [
      { stage: "won", count: 2, sum_amount: null, sum_amount_by_currency: { CNY: 5, USD: "2.5" } },
      { stage: "new", count: 1, sum_amount: 4, sum_amount_by_currency: { USD: 4 } },
      { stage: null, count: 1, sum_amount: 0, sum_amount_by_currency: {} },
    ];
    const groups = readGroups(rows, STAGE, COLUMNS, []);
    expect(groups.map((group) => group.sums.amount)).toEqual([{ CNY: 5, USD: 2.5 }, { USD: 4 }, {}]);
    expect(addedUp(groups, COLUMNS)).toEqual({ amount: { CNY: 5, USD: 6.5 } });
  });

  it("are found by a condition", () => {
    expect(conditionOf(STAGE, 'a "b"')).toBe('stage == "a \\"b\\""');
    expect(conditionOf(STAGE, "")).toBe("stage == null");
    expect(conditionOf(field("done", "boolean"), "false")).toBe("done == false");
    expect(keyOf({ id: "7", label: "x" })).toBe("7");
  });

  it("are read one after the other, folded ones left out", () => {
    const order = { all: ["a", "b", "c"], open: ["a", "c"] };
    expect(nextPlace(page("a", "2"), order)).toEqual({ group: "a", cursor: "2" });
    expect(nextPlace(page("a", null), order)).toEqual({ group: "c", cursor: null });
    expect(nextPlace(page("b", "2"), order)).toEqual({ group: "c", cursor: null });
    expect(nextPlace(page("c", null), order)).toBeNull();
  });

  it("go on from the right place when one that isn't all there is unfolded", () => {
    const pages = [page("a", null), page("c", "2")];
    const data = { pages, pageParams: [1, 2].map(() => ({ group: "", cursor: null })) };
    expect(pagesUpTo(data, "a", ["a", "b", "c"])).toBeNull();
    expect(pagesUpTo(data, "b", ["a", "b", "c"])?.pages).toEqual([page("a", null)]);
  });

  it("make lines: a head each, and the rows of those that are open", () => {
    const group = (key: string) => ({ key, value: key, count: 1, sums: {} });
    const rows = new Map([
      ["a", [{ id: "1", version: 1 }]],
      ["b", [{ id: "2", version: 1 }]],
    ]);
    const lines = groupedLines([group("a"), group("b"), group("c")], rows, (key) => key === "a");
    expect(lines.map((line) => (line.kind === "row" ? `${line.row.id}@${String(line.index)}` : line.group.key))).toEqual([
      "a",
      "b",
      "2@0",
      "c",
    ]);
  });
});
