import type { Field } from "@/api/types";

import { operatorsOf, type Operator } from "./operators";

/** One line of the filter builder. The value is null until it is filled in. */
export interface FilterRow {
  field: string;
  operator: string;
  value: unknown;
}

/** The expression of the rows, all of which must hold; rows without their value are left out. */
export function writeRows(rows: readonly FilterRow[], fields: readonly Field[]): string {
  return rows
    .map((row) => writeRow(row, fields))
    .filter((part) => part !== null)
    .join(" and ");
}

export function writeRow(row: FilterRow, fields: readonly Field[]): string | null {
  const field = fields.find((candidate) => candidate.name === row.field);
  const operator = field && operatorsOf(field.stored_type).find((candidate) => candidate.id === row.operator);
  if (!field || !operator || (operator.codec && isMissing(row.value))) return null;
  const value = operator.codec ? operator.codec.write(row.value) : "";
  return operator.template.replace(/\b[FV]\b/g, (slot) => (slot === "F" ? field.name : value));
}

/** The rows that give this expression; null when it says more than rows can. */
export function readRows(expression: string, fields: readonly Field[]): FilterRow[] | null {
  const rows: FilterRow[] = [];
  let rest = expression.trim();
  while (rest !== "") {
    const found = readFirst(rest, fields);
    if (!found) return null;
    rows.push(found.row);
    rest = found.rest;
  }
  return rows;
}

function readFirst(text: string, fields: readonly Field[]): { row: FilterRow; rest: string } | null {
  let best: { row: FilterRow; rest: string } | null = null;
  for (const field of fields) {
    if (!text.includes(field.name)) continue;
    for (const operator of operatorsOf(field.stored_type)) {
      const match = patternOf(operator, field.name).exec(text);
      if (!match) continue;
      const rest = text.slice(match[0].length);
      const value = operator.codec ? operator.codec.read(match[1] ?? "") : null;
      if (!best || rest.length < best.rest.length) {
        best = { row: { field: field.name, operator: operator.id, value }, rest };
      }
    }
  }
  return best;
}

function patternOf(operator: Operator, field: string): RegExp {
  const source = operator.template
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/\bF\b/g, field)
    .replace(/\bV\b/, `(${operator.codec?.pattern ?? ""})`);
  return new RegExp(`^${source}(?: and (?=\\S)|$)`);
}

export function isMissing(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
