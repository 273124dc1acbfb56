import dayjs from "dayjs";
import { describe, expect, it } from "vitest";

import { barsOf, blocksOf, daysOf, stepped, weeksOf } from "./grid";

const lasting = (from: string, to: string) => ({ from: dayjs(from), to: dayjs(to) });
const shown = (days: dayjs.Dayjs[]) => [days[0]?.format("MM-DD"), days.at(-1)?.format("MM-DD"), days.length];

describe("daysOf", () => {
  it("shows whole weeks from Monday", () => {
    expect(shown(daysOf("month", dayjs("2026-02-10")))).toEqual(["01-26", "03-01", 35]);
    expect(shown(daysOf("week", dayjs("2026-03-15")))).toEqual(["03-09", "03-15", 7]);
    expect(shown(daysOf("day", dayjs("2026-03-15T15:00:00")))).toEqual(["03-15", "03-15", 1]);
    expect(weeksOf(daysOf("month", dayjs("2026-03-31")))).toHaveLength(6);
  });

  it("goes from month to month whatever their lengths", () => {
    expect(stepped("month", dayjs("2026-01-31"), 1).format("YYYY-MM-DD")).toBe("2026-02-01");
    expect(stepped("week", dayjs("2026-01-31"), -1).format("YYYY-MM-DD")).toBe("2026-01-24");
  });
});

describe("barsOf", () => {
  const week = daysOf("week", dayjs("2026-03-11"));

  it("lays what overlaps into lanes, the longest on top", () => {
    const bars = barsOf(
      [
        lasting("2026-03-10T10:00", "2026-03-10T11:00"),
        lasting("2026-03-10T00:00", "2026-03-13T00:00"),
        lasting("2026-03-13T00:00", "2026-03-14T00:00"),
      ],
      week,
    );
    expect(bars.map(({ column, width, lane }) => [column, width, lane])).toEqual([
      [1, 3, 0],
      [1, 1, 1],
      [4, 1, 0],
    ]);
  });

  it("cuts at the edges what goes on beyond them, and leaves out the rest", () => {
    const bars = barsOf(
      [lasting("2026-03-01T00:00", "2026-03-30T00:00"), lasting("2026-03-16T00:00", "2026-03-17T00:00")],
      week,
    );
    expect(bars.map(({ column, width, lane, before, after }) => ({ column, width, lane, before, after }))).toEqual([
      { column: 0, width: 7, lane: 0, before: true, after: true },
    ]);
  });
});

describe("blocksOf", () => {
  const day = dayjs("2026-03-11");

  it("puts side by side what overlaps, and gives the rest the whole width", () => {
    const blocks = blocksOf(
      [
        lasting("2026-03-11T09:00", "2026-03-11T10:00"),
        lasting("2026-03-11T09:30", "2026-03-11T11:00"),
        lasting("2026-03-11T10:00", "2026-03-11T10:30"),
        lasting("2026-03-11T11:00", "2026-03-11T11:05"),
      ],
      day,
    );
    expect(blocks.map(({ top, minutes, column, columns }) => [top, minutes, column, columns])).toEqual([
      [540, 60, 0, 2],
      [570, 90, 1, 2],
      [600, 30, 0, 2],
      [660, 30, 0, 1],
    ]);
  });

  it("cuts at midnight what began the day before", () => {
    expect(blocksOf([lasting("2026-03-10T23:00", "2026-03-11T01:00")], day)[0]).toMatchObject({ top: 0, minutes: 60 });
  });
});
