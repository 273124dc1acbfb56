import dayjs, { type Dayjs } from "dayjs";

export interface Age {
  days: number;
  /** How many days longer than it should have stayed; 0 while within. */
  over: number;
}

/** How long a record has been in its column, in whole days; null where that isn't known. */
export function ageOf(since: unknown, limit: number | undefined, now: Dayjs = dayjs()): Age | null {
  if (typeof since !== "string") return null;
  const at = dayjs(since);
  if (!at.isValid()) return null;
  const days = Math.max(0, now.diff(at, "day"));
  return { days, over: limit ? Math.max(0, days - limit) : 0 };
}
