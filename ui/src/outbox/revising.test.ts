import { describe, expect, it } from "vitest";

import { conflictsOf, type Entry } from "./entry";
import { following } from "./revising";

const SENT: Entry = {
  key: "k1",
  user: "u",
  object: "thing",
  record: "r",
  title: "甲",
  values: { name: "乙", city: "苏州" },
  base: { name: "甲", city: "无锡" },
  version: 3,
  tried: true,
  revised: null,
  at: 1,
  attempts: 2,
  dueAt: 9,
  problem: null,
};
const ROW = { id: "r", version: 3, name: "乙", city: "苏州" };

describe("an edit of what was sent meanwhile", () => {
  it("follows as a change of what differs, and from what was sent", () => {
    const change = following(SENT, { name: "丙", city: "苏州" }, ROW);
    expect(change).toMatchObject({ record: "r", version: 3, values: { name: "丙" }, base: { name: "乙" } });
    expect(change).toMatchObject({ tried: false, problem: null, attempts: 0, dueAt: 0 });
    expect(change?.key).not.toBe("k1");
    expect(following(SENT, SENT.values, ROW)).toBeNull();
  });

  it("takes back what is left out", () => {
    expect(following(SENT, { name: "乙" }, ROW)).toMatchObject({ values: { city: "无锡" }, base: { city: "苏州" } });
  });

  it("is up to its author where others changed the same in between", () => {
    const change = following(SENT, { name: "丙", city: "苏州" }, ROW) ?? SENT;
    expect(conflictsOf(change, { ...ROW, version: 4 })).toEqual([]);
    expect(conflictsOf(change, { ...ROW, version: 5, name: "丁" })).toEqual(["name"]);
  });

  it("to a creation becomes a change of the record", () => {
    const creation = { ...SENT, record: null, base: {} };
    expect(following(creation, { name: "丙", city: "苏州" }, { ...ROW, id: "new", version: 1 })).toMatchObject({
      record: "new",
      version: 1,
      values: { name: "丙" },
    });
  });
});
