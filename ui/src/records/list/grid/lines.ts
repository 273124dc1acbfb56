import type { Row } from "@/api/types";

import type { Group } from "./groups";

/** One line of a grid: a record, or the head of a group. */
export type Line = { kind: "row"; row: Row; index: number } | { kind: "group"; group: Group; folded: boolean };

/** What the keyboard points at. */
export interface Cursor {
  /** The record, if any. */
  id: string | null;
  /** The field; null for the record as a whole. */
  field: string | null;
}

/** The lines of rows that aren't grouped. */
export function plainLines(rows: readonly Row[]): Line[] {
  return rows.map((row, index) => ({ kind: "row", row, index }));
}

/** Each group's head, and below it its rows unless it is folded. */
export function groupedLines(
  groups: readonly Group[],
  rowsOf: ReadonlyMap<string, readonly Row[]>,
  isFolded: (key: string) => boolean,
): Line[] {
  const lines: Line[] = [];
  let index = 0;
  for (const group of groups) {
    const folded = isFolded(group.key);
    lines.push({ kind: "group", group, folded });
    if (folded) continue;
    for (const row of rowsOf.get(group.key) ?? []) lines.push({ kind: "row", row, index: index++ });
  }
  return lines;
}
