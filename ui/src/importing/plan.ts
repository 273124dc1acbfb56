import type { DateOrder, ImportPlan, ImportPreview, ImportTarget, SavedMapping } from "@/api/importing";
import type { Field, ObjectDefinition } from "@/api/types";
import { isWritable } from "@/catalog/catalog";

export interface ImportChoice {
  plan: ImportPlan;
  /** Under what name to keep the plan; empty: not at all. */
  name: string;
  overrideReason: string;
}

const NOTHING = { key: "", compose: {}, dates: "" as DateOrder, clear_empty: false, entered: {} };

/** What to begin with: the server's suggestions, and a unique field as the key where one is mapped. */
export function firstChoice(preview: ImportPreview, object: ObjectDefinition): ImportChoice {
  const columns = Object.fromEntries(preview.columns.map((column) => [column.name, targetsOf(column.suggested)]));
  const plan = { ...NOTHING, columns };
  return { plan: { ...plan, key: uniqueOf(plan, object) }, name: "", overrideReason: "" };
}

/** A saved mapping laid over the columns of this file; columns it doesn't know keep the suggestion. */
export function withSaved(preview: ImportPreview, object: ObjectDefinition, saved: SavedMapping): ImportChoice {
  const kept = saved.plan?.columns ?? mapped(saved.mapping);
  const columns = Object.fromEntries(
    preview.columns.map(({ name, suggested }) => [name, kept[name] ?? targetsOf(name in kept ? null : suggested)]),
  );
  const plan: ImportPlan = { ...NOTHING, ...saved.plan, columns };
  const name = saved.shipped ? "" : saved.name;
  return { plan: { ...plan, key: saved.key ?? uniqueOf(plan, object) }, name, overrideReason: "" };
}

function mapped(mapping: Record<string, string | null>): Record<string, ImportTarget[]> {
  return Object.fromEntries(Object.entries(mapping).map(([column, field]) => [column, targetsOf(field)]));
}

export function targetsOf(field: string | null): ImportTarget[] {
  return field ? [{ field, values: {}, lookup: "" }] : [];
}

/** The fields that something in the plan fills. */
export function filledBy(plan: ImportPlan): string[] {
  const fromColumns = Object.values(plan.columns).flatMap((targets) => targets.map((target) => target.field));
  const composed = Object.entries(plan.compose).filter(([, text]) => text.trim());
  return [...fromColumns, ...composed.map(([field]) => field)];
}

function uniqueOf(plan: ImportPlan, object: ObjectDefinition): string {
  const used = new Set(filledBy(plan));
  return object.fields.find((field) => field.unique && used.has(field.name))?.name ?? "";
}

/** The fields that a column may go to. */
export function importable(object: ObjectDefinition): Field[] {
  const files = ["file", "files", "signature", "photo"];
  return object.fields.filter((field) => isWritable(field) && !files.includes(field.stored_type));
}

/** Fields that two columns claim: only one of them can win, so neither may. */
export function claimedTwice(plan: ImportPlan): string[] {
  const fields = Object.values(plan.columns).flatMap((targets) => targets.map((target) => target.field));
  return [...new Set(fields.filter((field, place) => fields.indexOf(field) !== place))];
}

/** The required fields without a default that nothing in the file's columns fills. */
export function unmapped(object: ObjectDefinition, plan: ImportPlan): Field[] {
  const used = new Set(Object.values(plan.columns).flatMap((targets) => targets.map((target) => target.field)));
  return object.fields.filter(
    (field) => field.required && !field.default && isWritable(field) && !used.has(field.name),
  );
}

/** The request of an import: the file, the plan, and what goes with it. */
export function importForm(file: File, { plan, name, overrideReason }: ImportChoice, dry: boolean): FormData {
  const compose = Object.fromEntries(Object.entries(plan.compose).filter(([, text]) => text.trim()));
  const form = new FormData();
  form.set("file", file);
  form.set("mapping", JSON.stringify({ ...plan, compose }));
  form.set("dry_run", String(dry));
  if (plan.key) form.set("key", plan.key);
  if (overrideReason.trim()) form.set("override_reason", overrideReason.trim());
  if (name.trim()) form.set("save_as", name.trim());
  return form;
}
