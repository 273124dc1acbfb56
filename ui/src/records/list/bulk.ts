import type { BulkWork } from "@/api/records";
import type { BulkReport, ObjectDefinition, Row, Values } from "@/api/types";
import { toWire } from "@/fields/wire";

export type Work = { changes: Values } | { move: { to: string } } | { archive: true };

/** What is sent for some records. */
export function requestOf(object: ObjectDefinition, ids: string[], work: Work): BulkWork {
  return "changes" in work ? { ids, changes: toWire(object, work.changes) } : { ids, ...work };
}

/**
 * What takes a bulk change back: only the records that were done, each to what it was. Moves go back by stage, which the
 * gates may refuse. Records whose row isn't known stay as they are.
 */
export function undoOf(
  object: ObjectDefinition,
  rows: readonly Row[],
  ids: readonly string[],
  work: Work,
  report: BulkReport,
  stage: string | undefined,
): BulkWork[] {
  const refused = new Set(report.refused.map((one) => one.id));
  const done = ids.filter((id) => !refused.has(id));
  if (done.length === 0) return [];
  if ("archive" in work) return [{ ids: done, restore: true }];
  const known = rows.filter((row) => done.includes(row.id));
  if ("changes" in work) {
    const names = Object.keys(work.changes);
    const items = known.map((row) => ({
      id: row.id,
      changes: toWire(object, Object.fromEntries(names.map((name) => [name, row[name] ?? null]))),
    }));
    return items.length > 0 ? [{ items }] : [];
  }
  const from = new Map<string, string[]>();
  for (const row of known) {
    const before = stage ? String(row[stage] ?? "") : "";
    if (before && before !== work.move.to) from.set(before, [...(from.get(before) ?? []), row.id]);
  }
  return [...from].map(([to, members]) => ({ ids: members, move: { to } }));
}
