import dayjs from "dayjs";
import { afterEach, describe, expect, it } from "vitest";

import { countDaysIn } from "@/format/today";
import { sampleOf } from "@/process/answer";

import { readTrailSearch } from "./search";
import { byDay, filterOf, type TrailEvent } from "./trail";

const NOW = dayjs("2026-11-24T15:00:00");

describe("the audit page's filter", () => {
  it("begins with the last week", () => {
    expect(filterOf({}, NOW)).toEqual({ since: dayjs("2026-11-18").toISOString() });
  });

  it("takes named days whole, and zero days for everything", () => {
    expect(filterOf({ since: "2026-11-01", until: "2026-11-02" }, NOW)).toEqual({
      since: dayjs("2026-11-01").toISOString(),
      until: dayjs("2026-11-03").toISOString(),
    });
    expect(filterOf({ days: 0, kind: "record.moved" }, NOW)).toEqual({ kind: "record.moved" });
    expect(filterOf({ until: "2026-11-02" }, NOW).since).toBeUndefined();
  });

  it("reads the address, and leaves out what it doesn't know", () => {
    expect(readTrailSearch({ days: 30, kind: "record.moved", actor: "", page: 3 })).toEqual({
      days: 30,
      kind: "record.moved",
    });
    expect(readTrailSearch({ days: -1 })).toEqual({});
  });
});

describe("days", () => {
  it("hold the events that follow each other", () => {
    const events = ["2026-11-24T09:00:00", "2026-11-24T08:00:00", "2026-11-23T23:00:00"].map(
      (at, seq) => ({ at, seq }) as TrailEvent,
    );
    expect(byDay(events).map(({ day, events: own }) => [day, own.length])).toEqual([
      ["2026-11-24", 2],
      ["2026-11-23", 1],
    ]);
  });
});

describe("days of periods", () => {
  afterEach(() => countDaysIn(Intl.DateTimeFormat().resolvedOptions().timeZone));

  it("begin and end by the viewer's clock, wherever the browser is", () => {
    countDaysIn("Asia/Shanghai");
    const night = dayjs("2026-11-23T16:30:00Z");
    expect(filterOf({ days: 1 }, night)).toEqual({ since: "2026-11-23T16:00:00.000Z" });
    expect(filterOf({ since: "2026-11-01", until: "2026-11-02" }, night)).toEqual({
      since: "2026-10-31T16:00:00.000Z",
      until: "2026-11-02T16:00:00.000Z",
    });
    expect(byDay([{ at: "2026-11-23T16:30:00Z", seq: 1 } as TrailEvent])[0]?.day).toBe("2026-11-24");
    expect(sampleOf({ days: 30 }, night)).toEqual({ since: "2026-10-25T16:00:00.000Z", until: "2026-11-24T16:00:00.000Z" });
    expect(sampleOf({ since: "2026-11-01", until: "2026-11-01" }, night)).toEqual({
      since: "2026-10-31T16:00:00.000Z",
      until: "2026-11-01T16:00:00.000Z",
    });
  });
});
