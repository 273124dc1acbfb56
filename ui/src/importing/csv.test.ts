import { describe, expect, it } from "vitest";

import { readCsv } from "./csv";

describe("readCsv", () => {
  it("reads quotes, line breaks in fields and a byte order mark", () => {
    expect(readCsv('\ufeffa,b\r\n"x, ""y""","1\n2"\r\n', 10)).toEqual([
      ["a", "b"],
      ['x, "y"', "1\n2"],
    ]);
  });

  it("stops at the limit", () => {
    expect(readCsv("a\nb\nc", 2)).toEqual([["a"], ["b"]]);
  });

  it("reads a last line without its end", () => {
    expect(readCsv("a,b", 5)).toEqual([["a", "b"]]);
  });
});
