import dayjs from "dayjs";
import { describe, expect, it } from "vitest";

import { formatDuration, formatRelative, type SpanWords } from "./date";
import { initialsOf } from "./initials";
import { formatMoney, formatShortMoney } from "./number";

const words: SpanWords = (key, values) => `${key}:${String(values?.count ?? "")}`;

describe("formatShortMoney", () => {
  it("says 万 and 亿 in Chinese", () => {
    expect(formatShortMoney(9_800, "CNY", "zh-CN")).toBe("¥9,800");
    expect(formatShortMoney(1_250_000, "CNY", "zh-CN")).toBe("¥125万");
    expect(formatShortMoney(123_000_000, "CNY", "zh-CN")).toBe("¥1.23亿");
    expect(formatShortMoney(-45_600, "USD", "zh-CN")).toBe("−$4.56万");
  });

  it("says K, M and B in English", () => {
    expect(formatShortMoney(45_600, "USD", "en")).toBe("$45.6K");
    expect(formatShortMoney(1_250_000, "CNY", "en")).toBe("¥1.25M");
  });
});

describe("formatMoney", () => {
  it("keeps both decimals when there are any", () => {
    expect(formatMoney(1234.5, "CNY", "zh-CN")).toBe("¥1,234.50");
    expect(formatMoney(1234, "CNY", "zh-CN")).toBe("¥1,234");
  });
});

describe("formatRelative", () => {
  const now = dayjs("2026-03-10T12:00:00");
  it("counts minutes, hours and days, then gives the date", () => {
    expect(formatRelative("2026-03-10T11:59:50", words, now)).toBe("span.now:");
    expect(formatRelative("2026-03-10T11:15:00", words, now)).toBe("span.minutesAgo:45");
    expect(formatRelative("2026-03-10T02:00:00", words, now)).toBe("span.hoursAgo:10");
    expect(formatRelative("2026-03-07T23:00:00", words, now)).toBe("span.daysAgo:3");
    expect(formatRelative("2025-12-01T00:00:00", words, now)).toBe("2025-12-01");
  });
});

describe("formatDuration", () => {
  it("gives the two largest parts", () => {
    expect(formatDuration(90_061, words)).toBe("span.days:1 span.hours:1");
    expect(formatDuration(0, words)).toBe("span.seconds:0");
  });
});

describe("initialsOf", () => {
  it("takes the last two Chinese characters or two first letters", () => {
    expect(initialsOf("欧阳晓敏")).toBe("晓敏");
    expect(initialsOf("李伟")).toBe("李伟");
    expect(initialsOf("系统管理员")).toBe("系统");
    expect(initialsOf("Darcel Schlecht")).toBe("DS");
    expect(initialsOf("")).toBe("?");
  });
});
