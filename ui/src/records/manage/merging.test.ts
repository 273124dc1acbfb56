import { describe, expect, it } from "vitest";

import type { Field, ObjectDefinition, Row } from "@/api/types";

import { chosenValues, differing, firstPicks } from "./merging";

const field = (name: string, type: Field["type"]): Field => ({
  name,
  type,
  stored_type: type,
  label: { zh: name, en: name },
});
const FIELDS = [field("name", "text"), field("amount", "money"), field("owner", "user"), field("note", "long_text")];
const OBJECT = { name: "thing", fields: FIELDS } as ObjectDefinition;
const kept: Row = { id: "1", version: 1, name: "A", amount: null, amount_currency: "CNY", owner: null, note: "" };
const gone: Row = {
  id: "2",
  version: 4,
  name: "B",
  amount: 5,
  amount_currency: "USD",
  owner: { id: "u", label: "王芳" },
  note: null,
};

describe("merging two records", () => {
  it("asks only about what differs", () => {
    expect(differing(FIELDS, kept, gone).map((one) => one.name)).toEqual(["name", "amount", "owner"]);
  });

  it("tells sums of different currencies apart", () => {
    const [one, other] = [
      { ...kept, amount: 5 },
      { ...gone, amount: 5 },
    ];
    expect(differing([FIELDS[1] as Field], one, other)).toHaveLength(1);
    expect(differing([FIELDS[1] as Field], one, { ...other, amount_currency: "CNY" })).toEqual([]);
  });

  it("fills gaps of the record that stays, and changes nothing else by itself", () => {
    const fields = differing(FIELDS, kept, gone);
    const picks = firstPicks(fields, kept, gone);
    expect(picks).toEqual({ name: "kept", amount: "gone", owner: "gone" });
    expect(chosenValues(OBJECT, fields, picks, gone)).toEqual({ amount: 5, amount_currency: "USD", owner: "u" });
  });
});
