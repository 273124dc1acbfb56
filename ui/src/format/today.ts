import dayjs, { type Dayjs } from "dayjs";

let zone: string | undefined;

/** Counts days by the clock in this time zone, as the server does; until then by the browser's. */
export function countDaysIn(timeZone: string): void {
  zone = timeZone;
}

/** The day that it is where the viewer is, as a midnight of the browser: for days that are written without a time. */
export function today(now: Dayjs = dayjs()): Dayjs {
  const { year, month, day } = clock(now);
  return dayjs(new Date(year, month - 1, day));
}

/** The instant at which the day began where the viewer is. */
export function dayBegan(now: Dayjs = dayjs()): Dayjs {
  const { hour, minute, second } = clock(now);
  return now.millisecond(0).subtract(hour * 3600 + minute * 60 + second, "second");
}

type Part = "year" | "month" | "day" | "hour" | "minute" | "second";

function clock(now: Dayjs): Record<Part, number> {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = format.formatToParts(now.toDate()).map(({ type, value }) => [type, Number(value)]);
  return Object.fromEntries(parts) as Record<Part, number>;
}
