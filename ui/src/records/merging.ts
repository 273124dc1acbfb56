import { isStale } from "@/api/client";
import type { ObjectDefinition, Row, StaleChange, Values } from "@/api/types";
import { sameValue } from "@/fields/wire";
import { updateOrKeep } from "@/outbox/write";

import { titleOf } from "./summary";

const CURRENCY = "_currency";
const STAMPS = ["version", "updated_at", "updated_by", "stage_since"];
const TRIES = 4;

export interface Merge {
  /** Columns that only the other side changed: they are taken over as they are. */
  taken: string[];
  /** Columns that both sides changed, to different values: somebody has to choose. */
  collisions: string[];
}

/** What becomes of my `changes` to `base` when the record has meanwhile become `theirs`. */
export function mergeOf(base: Values, changes: Values, theirs: Values): Merge {
  const changed = Object.keys(theirs).filter((name) => !STAMPS.includes(name) && !sameValue(theirs[name], base[name]));
  return {
    taken: changed.filter((name) => !(name in changes)),
    collisions: changed.filter((name) => name in changes && !sameValue(theirs[name], changes[name])),
  };
}

/** The fields that columns belong to: an amount's currency belongs to the amount. */
export function fieldsOf(object: ObjectDefinition, columns: readonly string[]): string[] {
  const known = (name: string) => object.fields.some((field) => field.name === name);
  const owners = columns.map((name) => (known(name) ? name : name.replace(new RegExp(`${CURRENCY}$`), "")));
  return [...new Set(owners.filter(known))];
}

/** The column that holds the currency of an amount. */
export function currencyColumn(field: string): string {
  return field + CURRENCY;
}

/** Columns of a field: itself, and its currency. */
export function columnsOf(field: string): string[] {
  return [field, currencyColumn(field)];
}

export type Outcome =
  | { kind: "saved"; row: Row; since: StaleChange[] }
  | { kind: "kept" }
  | { kind: "collision"; theirs: Row; since: StaleChange[] };

/**
 * Saves changes to a record as it was read. Where others saved in between, what doesn't collide is saved on top of
 * theirs; what does is handed back with the record as it is now. Without a network the changes are kept and sent later.
 */
export async function saveMerging(object: ObjectDefinition, base: Row, changes: Values): Promise<Outcome> {
  let version = base.version;
  let since: StaleChange[] = [];
  for (let tries = 1; ; tries += 1) {
    try {
      const row = await updateOrKeep({
        object: object.name,
        record: base.id,
        title: titleOf(object, base),
        version,
        values: changes,
        base: Object.fromEntries(Object.keys(changes).map((name) => [name, base[name]])),
      });
      return row ? { kind: "saved", row, since } : { kind: "kept" };
    } catch (error) {
      const theirs = isStale(error) ? error.problem.current : undefined;
      if (!isStale(error) || !theirs || tries === TRIES) throw error;
      since = error.problem.changes ?? [];
      if (mergeOf(base, changes, theirs).collisions.length > 0) return { kind: "collision", theirs, since };
      version = theirs.version;
    }
  }
}
