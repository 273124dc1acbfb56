import dayjs from "dayjs";
import { afterEach, describe, expect, it } from "vitest";

import type { Field, ObjectDefinition, Row, View } from "@/api/types";
import { countDaysIn } from "@/format/today";

import { datedOf, spanOf, wireMoment, within } from "./moments";

const field = (name: string, type: Field["type"]): Field => ({
  name,
  type,
  stored_type: type,
  label: { zh: name, en: name },
});
const OBJECT = {
  name: "thing",
  fields: [
    field("on", "date"),
    field("until", "date"),
    field("at", "datetime"),
    field("minutes", "integer"),
    field("lasts", "duration"),
  ],
} as unknown as ObjectDefinition;
const dated = (view: Partial<View>) => {
  const found = datedOf(OBJECT, view as View);
  if (!found) throw new Error("not dated");
  return found;
};
const row = (values: object): Row => ({ id: "1", version: 1, ...values });

describe("spanOf", () => {
  it("takes the last day as included", () => {
    const span = spanOf(dated({ start_field: "on", end_field: "until" }), row({ on: "2026-03-02", until: "2026-03-04" }));
    expect([span?.from.format("YYYY-MM-DD"), span?.to.format("YYYY-MM-DD")]).toEqual(["2026-03-02", "2026-03-05"]);
  });

  it("lasts for minutes or a duration, else half an hour", () => {
    const at = "2026-03-02T01:00:00Z";
    const lasts = (view: Partial<View>, values: object) => {
      const span = spanOf(dated(view), row(values));
      return span?.to.diff(span.from, "minute");
    };
    expect(lasts({ start_field: "at", duration_field: "minutes" }, { at, minutes: 45 })).toBe(45);
    expect(lasts({ start_field: "at", duration_field: "lasts" }, { at, lasts: 5400 })).toBe(90);
    expect(lasts({ start_field: "at" }, { at })).toBe(30);
  });

  it("is nothing without a start", () => {
    expect(spanOf(dated({ start_field: "on" }), row({ on: null }))).toBeNull();
  });
});

describe("within", () => {
  const from = dayjs("2026-03-01");
  it("asks for what starts there, and for what reaches into it", () => {
    expect(within(dated({ start_field: "on" }), from, from.add(1, "month"))).toBe(
      'on >= date("2026-03-01") and on < date("2026-04-01")',
    );
    expect(within(dated({ start_field: "on", end_field: "until" }), from, from.add(1, "day"))).toBe(
      '(on >= date("2026-03-01") and on < date("2026-03-02")) or (on < date("2026-03-01") and until >= date("2026-03-01"))',
    );
    expect(within(dated({ start_field: "at" }), dayjs("2026-03-01T00:00:00Z"), dayjs("2026-03-02T00:00:00Z"))).toBe(
      'at >= datetime("2026-03-01T00:00:00+00:00") and at < datetime("2026-03-02T00:00:00+00:00")',
    );
  });
});

describe("in the viewer's zone", () => {
  afterEach(() => countDaysIn(Intl.DateTimeFormat().resolvedOptions().timeZone));

  it("a record lies where the viewer's clock has it, and goes back as the same instant", () => {
    countDaysIn("Asia/Shanghai");
    const at = "2026-03-01T16:30:00.000Z";
    const thing = dated({ start_field: "at" });
    const from = spanOf(thing, row({ at }))?.from;
    expect(from?.format("YYYY-MM-DD HH:mm")).toBe("2026-03-02 00:30");
    expect(from && wireMoment(thing.start, from)).toBe(at);
    expect(within(thing, dayjs("2026-03-02"), dayjs("2026-03-03"))).toBe(
      'at >= datetime("2026-03-01T16:00:00+00:00") and at < datetime("2026-03-02T16:00:00+00:00")',
    );
  });
});
