import { useQuery } from "@tanstack/react-query";

import type { AggregateQuery, ListQuery } from "@/api/records";
import type { Field, Row, Values } from "@/api/types";
import { toNumber } from "@/format/number";

import { figureOfColumn } from "../list/grid/groups";
import { sumsQuery } from "../sums";
import { columnId } from "./columns";

const MAX_SUMS = 4;

/** What a column amounts to: how many records, and the sums of the figures that the view shows, by field. */
export interface Figure {
  count: number;
  sums: Record<string, number>;
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
    sums: Object.fromEntries(summed.map(({ name }) => [name, toNumber(row[`sum_${name}`]) ?? 0])),
  };
}

/** The rows of figures once a record has changed columns. */
export function movedFigures(rows: Values[], by: string, row: Row, to: string | null): Values[] {
  const shift = (target: unknown, sign: 1 | -1) => (figures: Values) => {
    if (columnId(figures[by]) !== columnId(target)) return figures;
    const changed: Values = { ...figures, count: (toNumber(figures.count) ?? 0) + sign };
    for (const name of Object.keys(figures).filter((key) => key.startsWith("sum_"))) {
      changed[name] = (toNumber(figures[name]) ?? 0) + sign * (toNumber(row[name.slice(4)]) ?? 0);
    }
    return changed;
  };
  const known = rows.some((figures) => columnId(figures[by]) === columnId(to));
  const sums = Object.keys(rows[0] ?? {}).filter((key) => key.startsWith("sum_"));
  const all = known ? rows : [...rows, { [by]: to, count: 0, ...Object.fromEntries(sums.map((key) => [key, 0])) }];
  return all.map(shift(row[by], -1)).map(shift(to, 1));
}
