import dayjs, { type Dayjs } from "dayjs";

import type { Child, ObjectDefinition, Pipeline, Ref, Row, Stage } from "@/api/types";
import { may, pipelineOf, useCatalog } from "@/catalog/catalog";
import { quote } from "@/filters/codec";
import { readWall, today } from "@/format/today";
import { updateOrKeep } from "@/outbox/write";

import { titleOf } from "../summary";

/** Records that wait for an answer below a record, and the stages in which they wait and are answered. */
export interface Waiting {
  child: Child;
  object: ObjectDefinition;
  pipeline: Pipeline;
  open: Stage;
  answered: Stage;
}

/** The lists of children of an object that wait for answers. */
export function useWaiting(parent: ObjectDefinition): Waiting[] {
  const catalog = useCatalog();
  return parent.children.flatMap((child) => {
    const object = catalog.objects[child.object];
    const pipeline = object ? pipelineOf(catalog, object) : null;
    const [open, answered] = pipeline?.stages ?? [];
    return object?.loop && pipeline && open && answered ? [{ child, object, pipeline, open, answered }] : [];
  });
}

/** The condition that children of a record wait for an answer. */
export function isOpenUnder(waiting: Waiting, id: string): string {
  return `${waiting.child.field} == ${quote(id)} and ${waiting.pipeline.field} == ${quote(waiting.open.name)}`;
}

/** Whole days since a day, in the viewer's zone. */
export function daysSince(day: unknown, now: Dayjs = dayjs()): number {
  const at = readWall(String(day)).startOf("day");
  return at.isValid() ? Math.max(0, today(now).diff(at, "day")) : 0;
}

/** Which of the bands that `ages` make a number of days lies in, from 0. */
export function bandOf(days: number, ages: readonly number[]): number {
  const band = ages.findIndex((age) => days <= age);
  return band < 0 ? ages.length : band;
}

const TONES = ["green", "amber", "red", "red"];

/** How bad a band is. */
export function toneOf(band: number): string {
  return TONES[Math.min(band, TONES.length - 1)] ?? "red";
}

/** Say of records that they are answered, by `text` where they have no answer yet. Raises ApiError at the first that refuses. */
export async function answerAll(waiting: Waiting, rows: Row[], text: string): Promise<void> {
  const { object, pipeline, answered } = waiting;
  const field = object.loop?.answer ?? "";
  for (const row of rows) {
    const answer = String(row[field] ?? "").trim() || text;
    const values = { [field]: answer, [pipeline.field]: answered.name };
    const base = { [field]: row[field], [pipeline.field]: row[pipeline.field] };
    await updateOrKeep({
      object: object.name,
      record: row.id,
      title: titleOf(object, row),
      version: row.version,
      values,
      base,
    });
  }
}

/** Whether the viewer may answer, and raise, such records. */
export function mayAnswer({ object }: Waiting): boolean {
  return may(object, "update");
}

export function labelOf(value: unknown): string {
  return (value as Ref | null)?.label ?? "";
}
