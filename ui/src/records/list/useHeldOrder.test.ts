import { describe, expect, it } from "vitest";

import { inOrder } from "./useHeldOrder";

const rows = (...ids: string[]) => ids.map((id) => ({ id, version: 1 }));

describe("inOrder", () => {
  it("keeps known rows where they stood, puts new ones on top and further ones at the end", () => {
    expect(inOrder(rows("c", "a", "b"), ["a", "b", "c"])).toEqual(rows("a", "b", "c"));
    expect(inOrder(rows("n", "c", "a", "x", "y"), ["a", "b", "c"])).toEqual(rows("n", "a", "c", "x", "y"));
  });
});
