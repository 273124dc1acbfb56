import { describe, expect, it } from "vitest";

import { faultyPart, mended } from "./fault";

describe("faultyPart", () => {
  it("marks the word at the place, counted in whole characters", () => {
    expect(faultyPart("金额 > 5 and amonut > 5", { offset: 11, suggestion: null })).toEqual([
      "金额 > 5 and ",
      "amonut",
      " > 5",
    ]);
    expect(faultyPart('name == "😀" and x', { offset: 16, suggestion: null })).toEqual(['name == "😀" and ', "x", ""]);
    expect(faultyPart("amount >", { offset: 8, suggestion: null })).toEqual(["amount >", "", ""]);
    expect(faultyPart("a == 1\nand b", { offset: 11, suggestion: null })).toEqual(["and ", "b", ""]);
  });
});

describe("mended", () => {
  it("puts the name that was meant in the place of the word", () => {
    expect(mended("amonut > 5", { offset: 0, suggestion: "Amount" })).toBe("Amount > 5");
    expect(mended("x > 5", { offset: 0, suggestion: "Close date" })).toBe("`Close date` > 5");
    expect(mended('stage == "wn"', { offset: 9, suggestion: "won" })).toBe('stage == "won"');
  });
});
