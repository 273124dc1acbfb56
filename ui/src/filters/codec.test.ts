import { afterEach, expect, test } from "vitest";

import { countDaysIn } from "@/format/today";

import { instant } from "./codec";

afterEach(() => countDaysIn(Intl.DateTimeFormat().resolvedOptions().timeZone));

test("a day is written as its first moment where the viewer is", () => {
  countDaysIn("Asia/Kolkata");
  expect(instant.write("2026-03-01")).toBe('datetime("2026-03-01T00:00:00+05:30")');
  countDaysIn("America/New_York");
  expect(instant.write("2026-03-09")).toBe('datetime("2026-03-09T00:00:00-04:00")');
});
