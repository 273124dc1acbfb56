import { describe, expect, it } from "vitest";

import type { Row } from "@/api/types";

import { movedFigures } from "./figures";

const ROW: Row = { id: "1", version: 1, stage: "a", amount: "40", owner: null };

describe("movedFigures", () => {
  it("takes the record's figures from one column to the other", () => {
    const rows = [
      { stage: "a", count: 2, sum_amount: 100 },
      { stage: "b", count: 1, sum_amount: "5" },
      { stage: "c", count: 9, sum_amount: 9 },
    ];
    expect(movedFigures(rows, "stage", ROW, "b")).toEqual([
      { stage: "a", count: 1, sum_amount: 60 },
      { stage: "b", count: 2, sum_amount: 45 },
      { stage: "c", count: 9, sum_amount: 9 },
    ]);
  });

  it("moves money in its own currency", () => {
    const rows = [
      { stage: "a", count: 2, sum_amount: null, sum_amount_by_currency: { CNY: 60, USD: 40 } },
      { stage: "b", count: 1, sum_amount: 5, sum_amount_by_currency: { CNY: 5 } },
    ];
    expect(movedFigures(rows, "stage", { ...ROW, amount_currency: "USD" }, "b")).toEqual([
      { stage: "a", count: 1, sum_amount: 60, sum_amount_by_currency: { CNY: 60, USD: 0 } },
      { stage: "b", count: 2, sum_amount: null, sum_amount_by_currency: { CNY: 5, USD: 40 } },
    ]);
  });

  it("makes the figures of a column that had no record", () => {
    expect(movedFigures([{ stage: "a", count: 1, sum_amount: 40 }], "stage", ROW, null)).toEqual([
      { stage: "a", count: 0, sum_amount: 0 },
      { stage: null, count: 1, sum_amount: 40 },
    ]);
  });
});
