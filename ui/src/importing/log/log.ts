import type { HistoryPlan, LogColumns, LogPart, LogPreview } from "@/api/histories";
import type { ObjectDefinition, Pipeline } from "@/api/types";

import { importable } from "../plan";

/** How a log is brought in: by a set, or by a plan of one's own. */
export interface LogChoice {
  set: string;
  plan: HistoryPlan | null;
  /** The columns of a log in a table. */
  columns: LogColumns | null;
  /** Under what name to keep the plan; empty: not at all. */
  name: string;
  reason: string;
}

/** What columns of a table may tell of, what must be known first. */
export const LOG_PARTS: LogPart[] = ["case", "activity", "at", "resource", "transition"];

/** The attribute that names a trace, as XES calls it. */
export const TRACE_NAME = "concept:name";

/** Whether columns say all that must be known. */
export function isWhole(columns: LogColumns): boolean {
  return LOG_PARTS.slice(0, 3).every((part) => columns[part] !== "");
}

/** What to begin with: the set or the pipeline that knows most of the events; a set wins where they know as many. */
export function firstChoice(log: LogPreview, reason: string): LogChoice {
  const [set] = [...log.sets].sort((a, b) => b.known - a.known);
  const [plan] = log.plans;
  const begun = { columns: log.table?.chosen ?? null, name: "", reason };
  if (set && set.known >= (plan?.known ?? 0)) return { ...begun, set: set.name, plan: null };
  return { ...begun, set: "", plan: plan?.plan ?? null };
}

/** How many events of the log a plan knows. */
export function knownBy(plan: HistoryPlan, log: LogPreview): number {
  return log.activities
    .filter(({ name }) => name in plan.stages || name in plan.steps)
    .reduce((sum, { count }) => sum + count, 0);
}

/** What an activity means by a plan, as the choice has it: `stage:…`, `step:…`, or nothing. */
export function meaningOf(plan: HistoryPlan, activity: string): string | undefined {
  if (activity in plan.stages) return `stage:${plan.stages[activity]}`;
  if (activity in plan.steps) return `step:${plan.steps[activity]}`;
  return undefined;
}

/** The plan with another meaning of an activity. */
export function withMeaning(plan: HistoryPlan, activity: string, meaning: string | undefined): HistoryPlan {
  const others = (named: Record<string, string>) =>
    Object.fromEntries(Object.entries(named).filter(([one]) => one !== activity));
  const stages = others(plan.stages);
  const steps = others(plan.steps);
  const name = meaning?.slice(meaning.indexOf(":") + 1);
  if (!name) return { ...plan, stages, steps };
  return meaning?.startsWith("stage:")
    ? { ...plan, stages: { ...stages, [activity]: name }, steps }
    : { ...plan, stages, steps: { ...steps, [activity]: name } };
}

/** The fields that an attribute fills. */
export function filledBy(plan: HistoryPlan, attribute: string): string[] {
  return Object.keys(plan.fields).filter((field) => plan.fields[field] === attribute);
}

/** The plan with an attribute that fills these fields; a key that nothing fills any more is let go. */
export function withFields(plan: HistoryPlan, attribute: string, filled: string[]): HistoryPlan {
  const kept = Object.entries(plan.fields).filter(([field, from]) => from !== attribute && !filled.includes(field));
  const fields = Object.fromEntries([...kept, ...filled.map((field) => [field, attribute])]);
  return { ...plan, fields, key: plan.key in fields ? plan.key : "" };
}

/** The fields that an attribute may fill: not the stage, which comes from the events. */
export function fillable(object: ObjectDefinition, pipeline: Pipeline) {
  return importable(object).filter((field) => field.name !== pipeline.field);
}

/** The required fields that nothing fills. */
export function unfilled(object: ObjectDefinition, pipeline: Pipeline, plan: HistoryPlan) {
  return fillable(object, pipeline).filter((field) => field.required && !field.default && !(field.name in plan.fields));
}

/** The request: the log, how it becomes records, and why gates are passed. */
export function logForm(file: File, { set, plan, columns, name, reason }: LogChoice, dry: boolean): FormData {
  const form = new FormData();
  form.set("file", file);
  if (set) form.set("set", set);
  else form.set("plan", JSON.stringify(plan));
  if (columns) form.set("columns", JSON.stringify(columns));
  if (plan && name.trim()) form.set("save_as", name.trim());
  form.set("dry_run", String(dry));
  if (reason.trim()) form.set("override_reason", reason.trim());
  return form;
}
