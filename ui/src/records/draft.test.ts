import { describe, expect, it } from "vitest";

import { unsent } from "./draft";

describe("unsent", () => {
  it("leaves what was typed since, and drops what is as it was sent", () => {
    const sent = { amount: 100, owner: { id: "7", label: "甲" }, note: "旧" };
    expect(unsent({ amount: 120, owner: "7", note: "旧", name: "新" }, sent)).toEqual({ amount: 120, name: "新" });
    expect(unsent(sent, sent)).toEqual({});
  });

  it("keeps a value that was emptied meanwhile", () => {
    expect(unsent({ amount: null }, { amount: 100 })).toEqual({ amount: null });
  });
});
