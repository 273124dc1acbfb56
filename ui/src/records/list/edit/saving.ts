import type { QueryClient } from "@tanstack/react-query";

import { isStale } from "@/api/client";
import { keys } from "@/api/records";
import type { ObjectDefinition, Row, Values } from "@/api/types";
import { isReference } from "@/catalog/catalog";
import { sameValue } from "@/fields/wire";
import { updateOrKeep } from "@/outbox/write";

import { patchRow } from "../../patch";
import { titleOf } from "../../summary";

export type Outcome =
  | { state: "saved"; before: Values; row: Row }
  /** Somebody else changed the same fields meanwhile. */
  | { state: "conflict"; current: Row; fields: string[] }
  | { state: "refused"; error: unknown };

/**
 * Saves changes of one record and shows them at once. What others changed meanwhile in other fields is left as it is; a
 * change of the same fields is a conflict, told field by field.
 */
export async function saveChanges(
  client: QueryClient,
  object: ObjectDefinition,
  row: Row,
  changes: Values,
): Promise<Outcome> {
  const before = Object.fromEntries(Object.keys(changes).map((name) => [name, row[name] ?? null]));
  patchRow(client, object.name, row.id, changes);
  try {
    const done = await merged(object, row, changes);
    if ("conflict" in done) {
      patchRow(client, object.name, row.id, { ...before, ...plain(object, done.current) });
      return { state: "conflict", current: done.current, fields: done.conflict };
    }
    patchRow(client, object.name, row.id, plain(object, done.row));
    void client.invalidateQueries({ queryKey: [...keys.object(object.name), "sums"] });
    void client.invalidateQueries({ queryKey: keys.one(object.name, row.id) });
    return { state: "saved", before, row: done.row };
  } catch (error) {
    patchRow(client, object.name, row.id, before);
    return { state: "refused", error };
  }
}

async function merged(
  object: ObjectDefinition,
  row: Row,
  changes: Values,
): Promise<{ row: Row } | { conflict: string[]; current: Row }> {
  let version = row.version;
  for (;;) {
    try {
      const base = Object.fromEntries(Object.keys(changes).map((name) => [name, row[name]]));
      const about = { object: object.name, record: row.id, title: titleOf(object, row) };
      const saved = await updateOrKeep({ ...about, version, values: changes, base });
      return { row: saved ?? { ...row, ...changes } };
    } catch (error) {
      const current = isStale(error) ? error.problem.current : undefined;
      if (!current || current.version === version) throw error;
      const conflict = conflictsOf(row, current, changes);
      if (conflict.length > 0) return { conflict, current };
      version = current.version;
    }
  }
}

/** The changed fields that somebody else changed too, to something else. */
export function conflictsOf(seen: Values, current: Values, changes: Values): string[] {
  return Object.keys(changes).filter(
    (name) => !sameValue(seen[name], current[name]) && !sameValue(changes[name], current[name]),
  );
}

/** An answer's values but references, which come without their names. */
export function plain(object: ObjectDefinition, row: Row): Values {
  const named = new Set(object.fields.filter((field) => isReference(field)).map((field) => field.name));
  return Object.fromEntries(Object.entries(row).filter(([name]) => !named.has(name)));
}
