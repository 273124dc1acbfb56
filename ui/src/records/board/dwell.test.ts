import dayjs from "dayjs";
import { describe, expect, it } from "vitest";

import { ageOf } from "./dwell";
import { isFoldedAtFirst } from "./folding";

const NOW = dayjs("2026-03-20T12:00:00Z");

describe("ageOf", () => {
  it("counts whole days, and those beyond what the stage allows", () => {
    expect(ageOf("2026-03-10T13:00:00Z", 7, NOW)).toEqual({ days: 9, over: 2 });
    expect(ageOf("2026-03-13T12:00:00Z", 7, NOW)).toEqual({ days: 7, over: 0 });
    expect(ageOf("2026-03-01T12:00:00Z", undefined, NOW)).toEqual({ days: 19, over: 0 });
  });

  it("says nothing where the stage's beginning isn't known", () => {
    expect(ageOf(null, 7, NOW)).toBeNull();
    expect(ageOf("soon", 7, NOW)).toBeNull();
  });
});

describe("isFoldedAtFirst", () => {
  const column = (kind: "open" | "won" | "lost") => ({ id: "x", value: "x", label: null, kind });

  it("folds long columns of closed stages only", () => {
    expect(isFoldedAtFirst(column("won"), 21)).toBe(true);
    expect(isFoldedAtFirst(column("lost"), 20)).toBe(false);
    expect(isFoldedAtFirst(column("open"), 500)).toBe(false);
  });
});
