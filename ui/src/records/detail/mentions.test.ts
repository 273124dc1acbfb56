import { describe, expect, it } from "vitest";

import { mentionedIn, spans } from "./mentions";

describe("spans", () => {
  it("sets the names apart, the longest first", () => {
    expect(spans("请@李伟明看，@李伟也看", ["李伟", "李伟明"])).toEqual([
      { text: "请", mention: false },
      { text: "@李伟明", mention: true },
      { text: "看，", mention: false },
      { text: "@李伟", mention: true },
      { text: "也看", mention: false },
    ]);
    expect(spans("a@b.com", [])).toEqual([{ text: "a@b.com", mention: false }]);
    expect(spans("", ["李伟"])).toEqual([]);
  });
});

describe("mentionedIn", () => {
  it("gives those who are still named, each once", () => {
    const people = [
      { id: "1", label: "李伟" },
      { id: "2", label: "王芳" },
      { id: "1", label: "李伟" },
    ];
    expect(mentionedIn("@李伟 @李伟", people)).toEqual(["1"]);
  });
});
