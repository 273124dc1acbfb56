import dayjs from "dayjs";
import { afterEach, describe, expect, it } from "vitest";

import { formatDay } from "./date";
import { countDaysIn, dayBegan, today } from "./today";

const NIGHT = dayjs("2026-03-01T16:30:00Z");

afterEach(() => countDaysIn(Intl.DateTimeFormat().resolvedOptions().timeZone));

describe("today", () => {
  it("is the day where the viewer is, wherever the browser is", () => {
    countDaysIn("Asia/Shanghai");
    expect(today(NIGHT).format("YYYY-MM-DD HH:mm")).toBe("2026-03-02 00:00");
    countDaysIn("America/New_York");
    expect(today(NIGHT).format("YYYY-MM-DD")).toBe("2026-03-01");
  });

  it("names the days around it", () => {
    countDaysIn("Asia/Shanghai");
    const say = (key: string) => key;
    expect(formatDay("2026-03-02", say, today(NIGHT))).toBe("span.today");
    expect(formatDay("2026-03-01", say, today(NIGHT))).toBe("span.yesterday");
  });
});

describe("dayBegan", () => {
  it("is an instant", () => {
    countDaysIn("Asia/Shanghai");
    expect(dayBegan(NIGHT).toISOString()).toBe("2026-03-01T16:00:00.000Z");
    countDaysIn("Asia/Kolkata");
    expect(dayBegan(NIGHT).toISOString()).toBe("2026-02-28T18:30:00.000Z");
  });
});
