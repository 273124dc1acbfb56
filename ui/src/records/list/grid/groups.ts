import type { Field, ObjectDefinition, Option, Values } from "@/api/types";
import { quote } from "@/filters/tokens";
import { addAmounts, readAmounts, type Sum } from "@/format/amounts";
import { toNumber } from "@/format/number";

/** The records that have one value in the field that a list is grouped by. */
export interface Group {
  /** The value as text; empty for none. */
  key: string;
  value: unknown;
  count: number;
  /** Figures by field. */
  sums: Sums;
}

/** Figures by field; null where there is none. */
export type Sums = Record<string, Sum | null>;

const GROUPABLE = ["select", "boolean", "reference", "user"];

/** The fields that a list can be grouped by. */
export function groupableFields(object: ObjectDefinition): Field[] {
  return object.fields.filter((field) => field.sortable && GROUPABLE.includes(field.stored_type));
}

/** The figures that stand under a column: sums of amounts and counts, means of percentages and ages, none of years. */
export function figureOfColumn(field: Field): "sum" | "avg" | null {
  if (field.stored_type === "percent") return "avg";
  if (field.grouped === false || !["integer", "decimal", "money"].includes(field.stored_type)) return null;
  return field.summed === false ? "avg" : "sum";
}

export function measuresOf(fields: readonly Field[]) {
  const figures = fields.flatMap((field) => {
    const fn = figureOfColumn(field);
    return fn ? [{ fn, field: field.name }] : [];
  });
  return [{ fn: "count" as const }, ...figures.slice(0, 9)];
}

export function sumsOf(row: Values, fields: readonly Field[]): Sums {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const fn = figureOfColumn(field);
      return fn && `${fn}_${field.name}` in row ? [[field.name, readSum(row, `${fn}_${field.name}`, field)]] : [];
    }),
  );
}

/** A figure of the server's answer. */
export function readSum(row: Values, figure: string, field: Field): Sum | null {
  if (field.stored_type !== "money") return toNumber(row[figure]);
  return readAmounts(row[figure], row[`${figure}_by_currency`], ownCurrency(field));
}

export function ownCurrency(field: Field): string {
  return field.currency ?? "CNY";
}

/** The answer of the server as groups: choices in their own order, records by how many there are, none at the end. */
export function readGroups(
  rows: readonly Values[],
  by: Field,
  fields: readonly Field[],
  options: readonly Option[],
): Group[] {
  const groups = rows.map((row) => ({
    key: keyOf(row[by.name]),
    value: row[by.name],
    count: toNumber(row.count) ?? 0,
    sums: sumsOf(row, fields),
  }));
  const place = (group: Group) => {
    if (group.key === "") return Number.MAX_SAFE_INTEGER;
    const index = options.findIndex((option) => option.value === group.key);
    return index < 0 ? options.length : index;
  };
  return groups.sort((a, b) => place(a) - place(b) || b.count - a.count || a.key.localeCompare(b.key));
}

export function keyOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object" && "id" in value) return String(value.id);
  return String(value);
}

/** The condition that holds for the records of a group. */
export function conditionOf(by: Field, key: string): string {
  if (key === "") return `${by.name} == null`;
  return by.stored_type === "boolean" ? `${by.name} == ${key}` : `${by.name} == ${quote(key)}`;
}

export function countOf(groups: readonly Group[]): number {
  return groups.reduce((sum, group) => sum + group.count, 0);
}

/** The sums of all groups together; means don't add up. */
export function addedUp(groups: readonly Group[], fields: readonly Field[]): Sums {
  const summed = fields.filter((field) => figureOfColumn(field) === "sum");
  return Object.fromEntries(
    summed.map((field) => {
      const sums = groups.map((group) => group.sums[field.name] ?? 0);
      return [field.name, sums.reduce(plus, field.stored_type === "money" ? {} : 0)];
    }),
  );
}

function plus(one: Sum, other: Sum): Sum {
  if (typeof one === "number") return typeof other === "number" ? one + other : other;
  return typeof other === "number" ? one : addAmounts(one, other);
}
