import dayjs, { type Dayjs } from "dayjs";

import { ApiError } from "@/api/client";
import type { Child, ObjectDefinition, Pipeline, Ref, Row, Stage } from "@/api/types";
import { may, pipelineOf, useCatalog } from "@/catalog/catalog";
import { quote } from "@/filters/codec";
import { readWall, today } from "@/format/today";

import { type Outcome, saveMerging } from "../merging";

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

/** Records of one list that are to be answered. */
export interface Answering {
  waiting: Waiting;
  rows: Row[];
}

/** A record that could not be said to be answered, and why. */
export interface Refused extends Answering {
  error: ApiError;
}

/** Says of records that they are answered, by `text` where they have no answer yet. Hands back those that were refused. */
export async function answerAll(ticked: Iterable<Answering>, text: string): Promise<Refused[]> {
  const refused: Refused[] = [];
  for (const { waiting, rows } of ticked) {
    for (const row of rows) {
      try {
        await answer(waiting, row, text);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        refused.push({ waiting, rows: [row], error });
      }
    }
  }
  return refused;
}

/** Says of a record that it is answered, on top of what others changed; their answer stands, and so does that it waits no more. */
async function answer({ object, pipeline, open, answered }: Waiting, row: Row, text: string): Promise<void> {
  const field = object.loop?.answer ?? "";
  let now: Row | null = row;
  do {
    const words = String(now[field] ?? "").trim() || text;
    const outcome: Outcome = await saveMerging(object, now, { [field]: words, [pipeline.field]: answered.name });
    now = outcome.kind === "collision" ? outcome.theirs : null;
  } while (now?.[pipeline.field] === open.name);
}

/** Whether the viewer may answer, and raise, such records. */
export function mayAnswer({ object }: Waiting): boolean {
  return may(object, "update");
}

export function labelOf(value: unknown): string {
  return (value as Ref | null)?.label ?? "";
}
