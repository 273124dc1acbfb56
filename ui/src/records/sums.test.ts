import { describe, expect, it } from "vitest";

import { unlessOlder } from "./sums";

const KNOWN = { rows: [{ stage: "a", count: 3 }], at: "2026-11-29T08:00:00Z", renewing: false };

describe("figures that are being renewed", () => {
  it("don't undo what the page worked out itself", () => {
    const same = { rows: [{ stage: "a", count: 2 }], at: KNOWN.at, renewing: true };
    expect(unlessOlder(KNOWN, same)).toEqual({ ...KNOWN, renewing: true });
  });

  it("give way to newer ones", () => {
    const newer = { rows: [{ stage: "a", count: 4 }], at: "2026-11-29T08:00:02Z", renewing: true };
    expect(unlessOlder(KNOWN, newer)).toBe(newer);
    expect(unlessOlder(undefined, newer)).toBe(newer);
  });
});
