import dayjs from "dayjs";
import { expect, test } from "vitest";

import { bandOf, daysSince, toneOf } from "./loops";

test("whole days are counted from midnight to midnight", () => {
  const now = dayjs("2026-11-24T00:30:00");
  expect(daysSince("2026-11-24", now)).toBe(0);
  expect(daysSince("2026-11-23", now)).toBe(1);
  expect(daysSince("2026-10-24", now)).toBe(31);
  expect(daysSince("2026-11-30", now)).toBe(0);
  expect(daysSince(null, now)).toBe(0);
});

test("ages fall into bands, the last one open", () => {
  expect([0, 2, 3, 5, 6, 10, 11, 99].map((days) => bandOf(days, [2, 5, 10]))).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  expect([0, 1, 2, 3].map(toneOf)).toEqual(["green", "amber", "red", "red"]);
});
