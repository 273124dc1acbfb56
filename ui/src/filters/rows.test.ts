import { describe, expect, it } from "vitest";

import type { Field, FieldType } from "@/api/types";

import { operatorsOf } from "./operators";
import { type FilterRow, readRows, writeRows } from "./rows";

const field = (name: string, type: FieldType): Field => ({
  name,
  type,
  stored_type: type,
  label: { zh: name, en: name },
});

const FIELDS = [
  field("name", "text"),
  field("amount", "money"),
  field("stage", "select"),
  field("close_on", "date"),
  field("updated_at", "datetime"),
  field("owner", "user"),
  field("x_跟进", "boolean"),
];

const SAMPLES: Record<string, unknown> = {
  none: null,
  text: 'a "quoted" \\ and more',
  number: 1000000,
  day: "2026-03-01",
  days: 7,
  hours: 48,
  options: ["won", "lost"],
  record: "0197",
};

describe("writeRows", () => {
  it("joins rows with and, and leaves out rows without a value", () => {
    const rows: FilterRow[] = [
      { field: "owner", operator: "me", value: null },
      { field: "amount", operator: "atLeast", value: 100000 },
      { field: "stage", operator: "noneOf", value: ["won", "lost"] },
      { field: "name", operator: "contains", value: "" },
    ];
    expect(writeRows(rows, FIELDS)).toBe('owner == me and amount >= 100000 and stage not in ["won", "lost"]');
  });
});

describe("readRows", () => {
  it("gives back every comparison that the builder can write", () => {
    for (const { name, stored_type } of FIELDS) {
      for (const operator of operatorsOf(stored_type)) {
        const rows = [{ field: name, operator: operator.id, value: SAMPLES[operator.value] }];
        expect(readRows(writeRows(rows, FIELDS), FIELDS)).toEqual(rows);
      }
    }
  });

  it("reads several rows, a span of dates among them", () => {
    const rows: FilterRow[] = [
      { field: "close_on", operator: "thisMonth", value: null },
      { field: "close_on", operator: "nextDays", value: 30 },
      { field: "name", operator: "is", value: "x and y" },
    ];
    expect(readRows(writeRows(rows, FIELDS), FIELDS)).toEqual(rows);
  });

  it("gives nothing for what rows cannot say", () => {
    expect(readRows('stage == "won" or amount > 5', FIELDS)).toBeNull();
    expect(readRows("amount >", FIELDS)).toBeNull();
    expect(readRows("unknown == 1", FIELDS)).toBeNull();
  });

  it("gives no rows for an empty filter", () => {
    expect(readRows("", FIELDS)).toEqual([]);
  });
});
