import { useQuery } from "@tanstack/react-query";

import type { AggregateQuery, ListQuery } from "@/api/records";
import type { Field, Row, Values } from "@/api/types";
import { addAmounts, type Amounts, type Sum } from "@/format/amounts";
import { toNumber } from "@/format/number";

import { figureOfColumn, readSum } from "../list/grid/groups";
import { sumsQuery } from "../sums";
import { columnId } from "./columns";

const MAX_SUMS = 4;

/** What a column amounts to: how many records, and the sums of the figures that the view shows, by field. */
export interface Figure {
  count: number;
  sums: Record<string, Sum>;
}

/** The fields whose sums a board tells: amounts and counts among those shown. */
export function summedFields(fields: readonly Field[]): Field[] {
  return fields.filter((field) => figureOfColumn(field) === "sum").slice(0, MAX_SUMS);
}

export function figuresRequest(by: string, summed: readonly Field[], query: ListQuery): AggregateQuery {
  return {
    group_by: [by],
    measures: [{ fn: "count" }, ...summed.map((field) => ({ fn: "sum" as const, field: field.name }))],
    view: query.view,
    filter: query.filter,
    q: query.q,
  };
}

/** The figures of all columns, in one request that follows view, filter and search; null until they are there. */
export function useFigures(
  object: string,
  by: string,
  summed: readonly Field[],
  query: ListQuery,
): Map<string, Figure> | null {
  const request = figuresRequest(by, summed, query);
  const { data } = useQuery({
    ...sumsQuery(object, request),
    enabled: !query.archived,
    placeholderData: (before) => before,
  });
  if (!data || query.archived) return null;
  return new Map(data.rows.map((row) => [columnId(row[by]), figureOfRow(row, summed)]));
}

export const NO_FIGURE: Figure = { count: 0, sums: {} };

function figureOfRow(row: Values, summed: readonly Field[]): Figure {
  return {
    count: toNumber(row.count) ?? 0,
    sums: Object.fromEntries(summed.map((field) => [field.name, readSum(row, `sum_${field.name}`, field) ?? 0])),
  };
}

/** The rows of figures once a record has changed columns. */
export function movedFigures(rows: Values[], by: string, row: Row, to: string | null): Values[] {
  const shift = (target: unknown, sign: 1 | -1) => (figures: Values) => {
    if (columnId(figures[by]) !== columnId(target)) return figures;
    const changed: Values = { ...figures, count: (toNumber(figures.count) ?? 0) + sign };
    for (const key of sumsIn(figures)) Object.assign(changed, shifted(figures, key, row, sign));
    return changed;
  };
  const known = rows.some((figures) => columnId(figures[by]) === columnId(to));
  const empty: Values = { [by]: to, count: 0 };
  for (const key of sumsIn(rows[0] ?? {})) {
    empty[key] = 0;
    if (rows[0] && key + APART in rows[0]) empty[key + APART] = {};
  }
  const all = known ? rows : [...rows, empty];
  return all.map(shift(row[by], -1)).map(shift(to, 1));
}

const APART = "_by_currency";

function sumsIn(figures: Values): string[] {
  return Object.keys(figures).filter((key) => key.startsWith("sum_") && !key.endsWith(APART));
}

/** A sum once a record has come or gone; of money in the currency of the record. */
function shifted(figures: Values, key: string, row: Row, sign: 1 | -1): Values {
  const name = key.slice(4);
  const amount = toNumber(row[name]) ?? 0;
  const apart = figures[key + APART] as Amounts | undefined;
  const currency = row[`${name}_currency`];
  if (!apart || typeof currency !== "string") return { [key]: (toNumber(figures[key]) ?? 0) + sign * amount };
  const found = addAmounts(apart, { [currency]: amount }, sign);
  const [only, ...others] = Object.values(found).filter((one) => one !== 0);
  return { [key]: others.length > 0 ? null : (only ?? 0), [key + APART]: found };
}
