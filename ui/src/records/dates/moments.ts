import type { Dayjs } from "dayjs";

import type { Field, ObjectDefinition, Row, View } from "@/api/types";
import { fieldOf } from "@/catalog/catalog";
import { toNumber } from "@/format/number";
import { instantOf, readWall } from "@/format/today";

const DEFAULT_MINUTES = 30;

/** An object's records laid out in time: by which fields, and as which view says. */
export interface Dated {
  object: ObjectDefinition;
  view: View;
  start: Field;
  end: Field | null;
  duration: Field | null;
  done: Field | null;
}

/** The dates that a calendar or agenda view goes by; null where the view isn't one. */
export function datedOf(object: ObjectDefinition, view: View | null): Dated | null {
  const start = fieldOf(object, view?.start_field ?? "");
  if (!view || !start) return null;
  const named = (name: string | undefined) => fieldOf(object, name ?? "");
  return {
    object,
    view,
    start,
    end: named(view.end_field),
    duration: named(view.duration_field),
    done: named(view.done_field),
  };
}

/** Whether records lie on days rather than at instants. */
export function isDaily(dated: Dated): boolean {
  return dated.start.stored_type === "date";
}

/** A moment of the viewer's clock as an expression writes it: a day, or an instant in UTC. */
export function literal(field: Field, at: Dayjs): string {
  return field.stored_type === "date" ? `date("${at.format("YYYY-MM-DD")}")` : `datetime("${instant(at)}")`;
}

/** A moment of the viewer's clock as the server takes it for a field. */
export function wireMoment(field: Field, at: Dayjs): string {
  return field.stored_type === "date" ? at.format("YYYY-MM-DD") : instantOf(at).toISOString();
}

function instant(at: Dayjs): string {
  return instantOf(at).toISOString().replace(/\.\d+Z$/, "+00:00");
}

/** The condition for records that lie at least partly in [from, to). */
export function within(dated: Dated, from: Dayjs, to: Dayjs): string {
  const { start, end } = dated;
  const starts = `${start.name} >= ${literal(start, from)} and ${start.name} < ${literal(start, to)}`;
  if (!end) return starts;
  const reaches = `${start.name} < ${literal(start, from)} and ${end.name} >= ${literal(end, from)}`;
  return `(${starts}) or (${reaches})`;
}

/** From when to when a record lasts by the viewer's clock; the end of days is the morning after. Null where it has no start. */
export function spanOf(dated: Dated, row: Row): { from: Dayjs; to: Dayjs } | null {
  const start = row[dated.start.name];
  if (typeof start !== "string" || !start) return null;
  const from = readWall(start);
  const end = dated.end ? row[dated.end.name] : null;
  if (isDaily(dated)) {
    const last = typeof end === "string" && end > start ? readWall(end) : from;
    return { from, to: last.add(1, "day") };
  }
  if (typeof end === "string" && end > start) return { from, to: readWall(end) };
  return { from, to: from.add(minutesOf(dated, row) || DEFAULT_MINUTES, "minute") };
}

function minutesOf(dated: Dated, row: Row): number {
  if (!dated.duration) return 0;
  const value = toNumber(row[dated.duration.name]) ?? 0;
  return dated.duration.stored_type === "duration" ? value / 60 : value;
}

export function isDone(dated: Dated, row: Row): boolean {
  return dated.done !== null && row[dated.done.name] === true;
}
