import dayjs from "dayjs";
import { describe, expect, it } from "vitest";

import type { Entry } from "./entries";
import { changesOf, HOUR_PX, startAt } from "./moving";

const AT = dayjs("2026-03-11T09:30:00");
const timed = { from: AT, allDay: false };

describe("startAt", () => {
  it("keeps the time on another day", () => {
    expect(startAt(timed, "day:2026-03-14", 80).format("MM-DD HH:mm")).toBe("03-14 09:30");
  });

  it("goes by quarters of an hour within the day", () => {
    expect(startAt(timed, "hours:2026-03-12", HOUR_PX * 1.3).format("MM-DD HH:mm")).toBe("03-12 10:45");
    expect(startAt(timed, "hours:2026-03-12", -HOUR_PX * 30).format("MM-DD HH:mm")).toBe("03-12 00:00");
  });

  it("leaves days days", () => {
    expect(startAt({ from: AT.startOf("day"), allDay: true }, "hours:2026-03-12", 300).format("MM-DD HH:mm")).toBe(
      "03-12 00:00",
    );
  });
});

describe("changesOf", () => {
  it("takes the end along", () => {
    const field = (name: string) => ({ name, stored_type: "date" });
    const entry = {
      from: dayjs("2026-03-11"),
      row: { id: "1", version: 1, on: "2026-03-11", until: "2026-03-13" },
      source: { dated: { start: field("on"), end: field("until") } },
    } as unknown as Entry;
    expect(changesOf(entry, dayjs("2026-03-09"))).toEqual({ on: "2026-03-09", until: "2026-03-11" });
  });
});
