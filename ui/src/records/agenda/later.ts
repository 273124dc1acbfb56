import dayjs, { type Dayjs } from "dayjs";

import type { Row } from "@/api/types";
import { readWall, today as dayOf } from "@/format/today";

import { type Dated, isDaily, wireMoment } from "../dates/moments";

/** The days that something is mostly put off to: tomorrow, next Monday, a week from now. */
export function laterDays(now: Dayjs = dayjs()): { name: "tomorrow" | "monday" | "week"; day: Dayjs }[] {
  const today = dayOf(now);
  const monday = today.add(7 - ((today.day() + 6) % 7), "day");
  return [
    { name: "tomorrow", day: today.add(1, "day") },
    { name: "monday", day: monday },
    { name: "week", day: today.add(7, "day") },
  ];
}

/** What the date field becomes on another day; an instant keeps its time. */
export function putOff(dated: Dated, row: Row, day: Dayjs): string {
  if (isDaily(dated)) return wireMoment(dated.start, day);
  const value = row[dated.start.name];
  const at = typeof value === "string" ? readWall(value) : day.hour(9);
  return wireMoment(dated.start, day.hour(at.hour()).minute(at.minute()));
}
