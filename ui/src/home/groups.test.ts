import { describe, expect, it } from "vitest";

import type { Field } from "@/api/types";

import type { Group } from "./answer";
import { arranged } from "./groups";

const label = { zh: "", en: "" };
const field = (stored_type: Field["stored_type"]): Field => ({ name: "f", type: stored_type, stored_type, label });
const group = (key: string | null, value: number): Group => ({ key, label: null, count: 1, value });
const options = ["new", "old"].map((value) => ({ value, label }));

describe("arranged", () => {
  it("puts stages in their own order, what is none of them last", () => {
    const found = arranged([group(null, 9), group("old", 5), group("new", 1)], field("select"), options, true);
    expect(found.map((one) => one.key)).toEqual(["new", "old", null]);
  });

  it("puts records by size", () => {
    expect(arranged([group("a", 1), group("b", 3)], field("user"), [], true).map((one) => one.key)).toEqual(["b", "a"]);
  });

  it("puts options by size where they are no stages", () => {
    const found = arranged([group("new", 1), group("old", 5)], field("select"), options, false);
    expect(found.map((one) => one.key)).toEqual(["old", "new"]);
  });

  it("fills the months between the first and the last, and leaves out what has none", () => {
    const found = arranged([group("2027-01-01", 2), group("2026-11-01", 1), group(null, 7)], field("date"), [], false);
    expect(found.map((one) => [one.key, one.value])).toEqual([
      ["2026-11-01", 1],
      ["2026-12-01", 0],
      ["2027-01-01", 2],
    ]);
  });
});
