import type { Signature } from "@/api/signing";
import type { Deliverable, DeliverableState, GateReason, ObjectDefinition, Pipeline, Row, Values } from "@/api/types";
import { type Say } from "@/catalog/label";
import { refsOf } from "@/fields/reference/refs";

/** A deliverable as it is shown: what is demanded, and how far it is met. */
export interface Demand {
  key: string;
  name: string;
  kind: Deliverable["kind"];
  label: string;
  hint: string;
  hard: boolean;
  met: boolean;
  field?: string | null;
  fileKind?: string | null;
  template?: string | null;
  /** What the template is called. */
  form?: string | null;
  of?: string | null;
  object?: string | null;
  /** What a record that meets it starts with. */
  values?: Values;
  count: number;
  have: number;
  /** Who met it and when, where that is known. */
  by?: string | null;
  at?: string | null;
  signature?: Signature;
}

/** The demand behind a reason that a gate gave; the catalog has its label. */
export function demandOfReason(reason: GateReason, pipeline: Pipeline | null, say: Say, met: boolean): Demand {
  const stage = pipeline?.stages.find((candidate) => candidate.name === reason.stage);
  const known = [...(stage?.entry ?? []), ...(stage?.exit ?? [])].find((item) => item.name === reason.deliverable);
  return {
    key: `${reason.stage}/${reason.deliverable}`,
    name: reason.deliverable,
    kind: reason.kind,
    label: known ? say(known.label) : reason.message,
    hint: reason.hint ?? say(known?.hint),
    hard: reason.hard,
    met,
    field: reason.field ?? known?.field,
    fileKind: reason.file_kind ?? known?.file_kind,
    template: reason.template ?? known?.template,
    form: known?.form ? say(known.form) : null,
    of: reason.of ?? known?.of,
    object: reason.object ?? known?.object,
    values: known?.values,
    count: reason.count ?? known?.count ?? 1,
    have: reason.have ?? 0,
  };
}

export function demandOf(item: DeliverableState, stage: string, say: Say): Demand {
  return {
    key: `${stage}/${item.name}`,
    name: item.name,
    kind: item.kind,
    label: say(item.label),
    hint: say(item.hint),
    hard: item.hard,
    met: item.met,
    field: item.field,
    fileKind: item.file_kind,
    template: item.template,
    form: item.form ? say(item.form) : null,
    signature: item.signature,
    of: item.of,
    object: item.object,
    values: item.values,
    count: item.count ?? 1,
    have: item.have ?? 0,
  };
}

/** Which record to create so that a record deliverable is met: of what object, pointing to which parent, with what it asks. */
export function childToCreate(
  objects: Record<string, ObjectDefinition>,
  object: ObjectDefinition,
  row: Row,
  { of, values }: Pick<Demand, "of" | "values">,
): { object: string; prefill: Values } | null {
  const path = (of ?? "").split(".");
  const inverse = path.at(-1);
  let parent: ObjectDefinition | undefined = object;
  let parentRef: unknown = { id: row.id, label: row[object.title] ?? null };
  for (const step of path.slice(0, -1)) {
    const field: ObjectDefinition["fields"][number] | undefined = parent?.fields.find((one) => one.name === step);
    parent = field?.object ? objects[field.object] : undefined;
    parentRef = refsOf(row[step])[0];
  }
  const child = parent?.children.find((one) => one.name === inverse);
  if (!child || !parentRef) return null;
  return { object: child.object, prefill: { ...values, [child.field]: parentRef } };
}
