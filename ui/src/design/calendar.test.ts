import { PickerPanel } from "@rc-component/picker";
import locale from "@rc-component/picker/locale/zh_CN";
import type { Dayjs } from "dayjs";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { countDaysIn } from "@/format/today";

import { calendar } from "./calendar";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-03-31T20:30:00Z") });
});

afterEach(() => {
  vi.useRealTimers();
  countDaysIn(Intl.DateTimeFormat().resolvedOptions().timeZone);
});

test.each([
  ["Asia/Shanghai", "2026-04-01", "2026-04-01 04:30"],
  ["America/Los_Angeles", "2026-03-31", "2026-03-31 13:30"],
  ["Pacific/Kiritimati", "2026-04-01", "2026-04-01 10:30"],
])("in %s a date picker marks the viewer's day and takes over the viewer's hour", (zone, day, now) => {
  countDaysIn(zone);
  const panel = renderToStaticMarkup(createElement(PickerPanel<Dayjs>, { generateConfig: calendar, locale }));
  const marked = [...panel.matchAll(/<td title="([^"]+)"[^>]*rc-picker-cell-today/g)].map((match) => match[1]);
  expect(marked).toEqual([day]);
  expect(calendar.getNow().format("YYYY-MM-DD HH:mm")).toBe(now);
});
