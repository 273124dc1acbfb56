import dayjs, { type Dayjs } from "dayjs";

let clock: Intl.DateTimeFormat | null = null;

/** Counts days and hours by the clock in this time zone, as the server does; until then by the browser's. */
export function countDaysIn(timeZone: string): void {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  clock =
    timeZone === here
      ? null
      : new Intl.DateTimeFormat("en-GB", {
          timeZone,
          hourCycle: "h23",
          year: "numeric",
          month: "numeric",
          day: "numeric",
          hour: "numeric",
          minute: "numeric",
          second: "numeric",
        });
}

/**
 * An instant as the viewer's clock on the wall shows it, in the form of a time of the browser: its days, hours and
 * names are the viewer's. Only for showing and for reckoning with days; `instantOf` leads back.
 */
export function onTheWall(instant: Dayjs): Dayjs {
  if (!clock || !instant.isValid()) return instant;
  const parts = Object.fromEntries(clock.formatToParts(instant.toDate()).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts as Partial<Record<Part, number>>;
  return dayjs(new Date(year, month - 1, day, hour, minute, second, instant.millisecond()));
}

type Part = "year" | "month" | "day" | "hour" | "minute" | "second";

/** The instant at which the viewer's clock shows this; where it shows it twice the first, where never the hour after. */
export function instantOf(wall: Dayjs): Dayjs {
  if (!clock) return wall;
  const wanted = wall.valueOf();
  let found = wall;
  for (let step = 0; step < 2; step += 1) found = found.add(wanted - onTheWall(found).valueOf(), "millisecond");
  return found;
}

/** What the viewer's clock shows now. */
export function wallNow(now: Dayjs = dayjs()): Dayjs {
  return onTheWall(now);
}

/** A value of a field on the viewer's wall: a day is one wherever one is. */
export function readWall(value: string): Dayjs {
  const read = dayjs(value);
  return value.length <= 10 ? read : onTheWall(read);
}

/** The day that it is where the viewer is, as a midnight of the browser: for days that are written without a time. */
export function today(now: Dayjs = dayjs()): Dayjs {
  return onTheWall(now).startOf("day");
}

/** The instant at which a day, as `2026-03-01`, begins where the viewer is. */
export function startOfDay(day: string): Dayjs {
  return instantOf(dayjs(day).startOf("day"));
}
