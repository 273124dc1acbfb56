import dayjs, { type Dayjs } from "dayjs";

import { onTheWall, readWall, today, wallNow } from "./today";

/** Words for spans of time, in the page's language. */
export interface SpanWords {
  (key: string, values?: Record<string, unknown>): string;
}

export function formatDate(value: string, now: Dayjs = wallNow()): string {
  const day = readWall(value);
  if (!day.isValid()) return value;
  return day.format(day.year() === now.year() ? "MM-DD" : "YYYY-MM-DD");
}

export function formatExact(value: string): string {
  const at = readWall(value);
  return at.isValid() ? at.format(value.length <= 10 ? "YYYY-MM-DD dddd" : "YYYY-MM-DD HH:mm:ss") : value;
}

/** How far an instant lies from now: 刚刚, 5 分钟前, 昨天 …, then the date. */
export function formatRelative(value: string, t: SpanWords, now: Dayjs = dayjs()): string {
  const at = dayjs(value);
  if (!at.isValid()) return value;
  const minutes = now.diff(at, "minute");
  if (minutes >= 0) {
    if (minutes < 1) return t("span.now");
    if (minutes < 60) return t("span.minutesAgo", { count: minutes });
    if (minutes < 24 * 60) return t("span.hoursAgo", { count: Math.floor(minutes / 60) });
    const days = dayOf(now).diff(dayOf(at), "day");
    if (days < 31) return t("span.daysAgo", { count: Math.max(days, 1) });
    return formatDate(value, onTheWall(now));
  }
  const days = dayOf(at).diff(dayOf(now), "day");
  if (days === 0) return t("span.inHours", { count: Math.max(1, Math.round(-minutes / 60)) });
  return days < 31 ? t("span.inDays", { count: days }) : formatDate(value, onTheWall(now));
}

const dayOf = (instant: Dayjs) => onTheWall(instant).startOf("day");

/** How far a calendar day lies from today: 今天, 明天, 3 天后, else the date. */
export function formatDay(value: string, t: SpanWords, now: Dayjs = today()): string {
  const days = dayjs(value).startOf("day").diff(now.startOf("day"), "day");
  if (days === 0) return t("span.today");
  if (days === 1) return t("span.tomorrow");
  if (days === -1) return t("span.yesterday");
  return formatDate(value, now);
}

/** Days, hours and minutes of a duration in seconds; the two largest parts. */
export function formatDuration(seconds: number, t: SpanWords): string {
  const parts: [number, string][] = [
    [86_400, "span.days"],
    [3_600, "span.hours"],
    [60, "span.minutes"],
    [1, "span.seconds"],
  ];
  let rest = Math.abs(Math.round(seconds));
  const found: string[] = [];
  for (const [size, word] of parts) {
    const count = Math.floor(rest / size);
    if (count > 0 && found.length < 2) found.push(t(word, { count }));
    rest -= count * size;
  }
  if (found.length === 0) return t("span.seconds", { count: 0 });
  return (seconds < 0 ? "−" : "") + found.join(" ");
}
