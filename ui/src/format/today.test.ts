import dayjs from "dayjs";
import { afterEach, describe, expect, it } from "vitest";

import { formatDate, formatDay, formatExact, formatRelative } from "./date";
import { countDaysIn, instantOf, onTheWall, readWall, startOfDay, today } from "./today";

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

describe("the clock on the wall", () => {
  it("leads to instants and back, also where clocks are set forward or back", () => {
    countDaysIn("Asia/Kolkata");
    expect(onTheWall(NIGHT).format("YYYY-MM-DD HH:mm")).toBe("2026-03-01 22:00");
    expect(startOfDay("2026-03-01").toISOString()).toBe("2026-02-28T18:30:00.000Z");
    countDaysIn("America/New_York");
    expect(startOfDay("2026-03-08").toISOString()).toBe("2026-03-08T05:00:00.000Z");
    expect(startOfDay("2026-03-09").toISOString()).toBe("2026-03-09T04:00:00.000Z");
    for (const at of ["2026-03-08T06:59:00Z", "2026-03-08T07:00:00Z", "2026-11-01T12:00:00Z"]) {
      expect(instantOf(onTheWall(dayjs(at))).toISOString()).toBe(dayjs(at).toISOString());
    }
  });

  it("leaves days days", () => {
    countDaysIn("America/New_York");
    expect(readWall("2026-03-02").format("YYYY-MM-DD HH:mm")).toBe("2026-03-02 00:00");
    expect(readWall("2026-03-02T03:00:00Z").format("YYYY-MM-DD HH:mm")).toBe("2026-03-01 22:00");
  });

  it("is what instants are shown by", () => {
    countDaysIn("Asia/Shanghai");
    expect(formatExact("2026-03-01T16:30:00Z")).toBe("2026-03-02 00:30:00");
    expect(formatDate("2025-12-31T16:30:00Z", readWall("2026-03-01"))).toBe("01-01");
    const say = (key: string, values?: Record<string, unknown>) => `${key} ${String(values?.count ?? "")}`;
    expect(formatRelative("2026-02-28T15:00:00Z", say, NIGHT)).toBe("span.daysAgo 2");
  });
});
