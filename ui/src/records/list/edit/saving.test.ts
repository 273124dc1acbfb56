import { describe, expect, it } from "vitest";

import type { ObjectDefinition, Row } from "@/api/types";

import { conflictsOf, plain } from "./saving";

describe("conflictsOf", () => {
  it("finds the fields that both changed, to something else", () => {
    const seen = { a: 1, b: { id: "x", label: "X" }, c: "old" };
    const current = { a: 2, b: "x", c: "new" };
    expect(conflictsOf(seen, current, { a: 3, b: { id: "y", label: "Y" }, c: "new" })).toEqual(["a"]);
    expect(conflictsOf(seen, seen, { a: 3 })).toEqual([]);
  });
});

describe("plain", () => {
  it("leaves references with the names that the list knows", () => {
    const object = { fields: [{ name: "owner", stored_type: "user" }] } as unknown as ObjectDefinition;
    const row: Row = { id: "1", version: 2, owner: "7", note: "x" };
    expect(plain(object, row)).toEqual({ id: "1", version: 2, note: "x" });
  });
});
