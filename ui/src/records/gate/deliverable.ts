import type { Signature } from "@/api/signing";
import type {
  Child,
  Deliverable,
  DeliverableState,
  Field,
  GateReason,
  ObjectDefinition,
  Pipeline,
  Ref,
  Row,
  Values,
} from "@/api/types";
import { type Say } from "@/catalog/label";
import { refsOf } from "@/fields/reference/refs";

import { titleOf } from "../summary";

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

/** Where records that meet a record deliverable belong: the list of children, and the record whose children they are. */
export interface Belonging {
  child: Child;
  parent: Ref;
}

/** Where `of` leads from a record; null where a reference on the way is empty. */
export function belongingOf(
  objects: Record<string, ObjectDefinition>,
  object: ObjectDefinition,
  row: Row,
  of: string,
): Belonging | null {
  const path = of.split(".");
  const inverse = path.at(-1);
  let owner: ObjectDefinition | undefined = object;
  let parent: Ref | undefined = { id: row.id, label: titleOf(object, row) };
  for (const step of path.slice(0, -1)) {
    const field: Field | undefined = owner?.fields.find((one) => one.name === step);
    owner = field?.object ? objects[field.object] : undefined;
    parent = refsOf(row[step])[0];
  }
  const child = owner?.children.find((one) => one.name === inverse);
  return child && parent ? { child, parent } : null;
}

/** A new record that belongs there, with what meets the deliverable. */
export function newAmong({ child, parent }: Belonging, values?: Values): { object: string; prefill: Values } {
  return { object: child.object, prefill: { ...values, [child.field]: parent } };
}
