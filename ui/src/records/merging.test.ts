import { describe, expect, it } from "vitest";

import type { ObjectDefinition } from "@/api/types";

import { columnsOf, fieldsOf, mergeOf } from "./merging";

const BASE = { id: "1", version: 1, name: "甲", amount: 10, amount_currency: "CNY", owner: { id: "7", label: "李伟" } };

describe("mergeOf", () => {
  it("takes over what only the others changed", () => {
    expect(mergeOf(BASE, { name: "乙" }, { ...BASE, version: 2, updated_at: "x", amount: 20 })).toEqual({
      taken: ["amount"],
      collisions: [],
    });
  });

  it("asks only for what both changed to different values", () => {
    const theirs = { ...BASE, version: 2, name: "丙", amount: 20 };
    expect(mergeOf(BASE, { name: "乙", amount: 20 }, theirs)).toEqual({ taken: [], collisions: ["name"] });
  });

  it("takes a reference by id or expanded for the same", () => {
    expect(mergeOf(BASE, { owner: { id: "8", label: "王芳" } }, { ...BASE, owner: "7" })).toEqual({
      taken: [],
      collisions: [],
    });
  });
});

describe("fieldsOf", () => {
  it("counts an amount and its currency as one field", () => {
    const object = { fields: [{ name: "amount" }, { name: "name" }] } as ObjectDefinition;
    expect(fieldsOf(object, ["amount_currency", "amount", "name", "nonesuch"])).toEqual(["amount", "name"]);
    expect(columnsOf("amount")).toEqual(["amount", "amount_currency"]);
  });
});
