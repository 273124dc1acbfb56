import type { Dayjs } from "dayjs";

export type Span = "month" | "week" | "day";

export const SPANS: Span[] = ["month", "week", "day"];

/** The Monday of a day's week. */
export function mondayOf(day: Dayjs): Dayjs {
  return day.startOf("day").subtract((day.day() + 6) % 7, "day");
}

/** The days that a calendar at `on` shows: whole weeks of a month, a week, or a day. */
export function daysOf(span: Span, on: Dayjs): Dayjs[] {
  if (span === "day") return [on.startOf("day")];
  if (span === "week") return run(mondayOf(on), 7);
  const first = mondayOf(on.startOf("month"));
  const last = mondayOf(on.endOf("month")).add(7, "day");
  return run(first, last.diff(first, "day"));
}

export function weeksOf(days: Dayjs[]): Dayjs[][] {
  return Array.from({ length: Math.ceil(days.length / 7) }, (_, index) => days.slice(index * 7, index * 7 + 7));
}

/** The calendar one step on, or back. */
export function stepped(span: Span, on: Dayjs, by: 1 | -1): Dayjs {
  return span === "month" ? on.startOf("month").add(by, "month") : on.add(by, span);
}

function run(first: Dayjs, count: number): Dayjs[] {
  return Array.from({ length: count }, (_, index) => first.add(index, "day"));
}

interface Lasting {
  from: Dayjs;
  to: Dayjs;
}

/** Where something lies in a row of days: from which column, over how many, in which lane from the top. */
export interface Bar<T> {
  item: T;
  column: number;
  width: number;
  lane: number;
  /** It began before, or goes on after. */
  before: boolean;
  after: boolean;
}

/** Lays what touches these days into lanes, each in the first that is free; the longest of a day lie on top. */
export function barsOf<T extends Lasting>(items: readonly T[], days: readonly Dayjs[]): Bar<T>[] {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return [];
  const end = last.add(1, "day");
  const free: number[] = [];
  return items
    .filter((item) => item.from.isBefore(end) && item.to.isAfter(first))
    .sort((a, b) => a.from.startOf("day").diff(b.from.startOf("day")) || b.to.diff(b.from, "day") - a.to.diff(a.from, "day") || a.from.diff(b.from))
    .map((item) => {
      const column = Math.max(0, item.from.startOf("day").diff(first, "day"));
      const until = Math.min(days.length, item.to.subtract(1, "millisecond").startOf("day").diff(first, "day") + 1);
      const width = Math.max(1, until - column);
      let lane = free.findIndex((taken) => taken <= column);
      if (lane < 0) lane = free.length;
      free[lane] = column + width;
      return { item, column, width, lane, before: item.from.isBefore(first), after: item.to.isAfter(end) };
    });
}

/** Where something lies in a day: minutes from midnight, and which of how many columns side by side. */
export interface Block<T> {
  item: T;
  top: number;
  minutes: number;
  column: number;
  columns: number;
}

const DAY_MINUTES = 24 * 60;
const LEAST_MINUTES = 30;

/** Lays what falls on a day side by side where it overlaps. */
export function blocksOf<T extends Lasting>(items: readonly T[], day: Dayjs): Block<T>[] {
  const blocks: Block<T>[] = [];
  let cluster: Block<T>[] = [];
  let reach = 0;
  const close = () => {
    const columns = Math.max(0, ...cluster.map((block) => block.column + 1));
    for (const block of cluster) block.columns = columns;
    blocks.push(...cluster);
    cluster = [];
  };
  for (const item of [...items].sort((a, b) => a.from.diff(b.from) || b.to.diff(a.to))) {
    const top = Math.max(0, item.from.diff(day, "minute"));
    const bottom = Math.min(DAY_MINUTES, item.to.diff(day, "minute"));
    if (top >= DAY_MINUTES || bottom <= 0) continue;
    const minutes = Math.max(LEAST_MINUTES, bottom - top);
    if (top >= reach) close();
    const taken = new Set(cluster.filter((one) => one.top + one.minutes > top).map((one) => one.column));
    let column = 0;
    while (taken.has(column)) column += 1;
    cluster.push({ item, top, minutes, column, columns: 1 });
    reach = Math.max(cluster.length > 1 ? reach : 0, top + minutes);
  }
  close();
  return blocks;
}
