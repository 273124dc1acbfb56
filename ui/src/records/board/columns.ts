import type { ListQuery } from "@/api/records";
import type { Catalog, Field, ObjectDefinition, Option, StageKind, View } from "@/api/types";
import { optionsOf, pipelineOf } from "@/catalog/catalog";
import { quote } from "@/filters/codec";

import { bothOf } from "../query";

const CARDS_PER_PAGE = 15;

/** A column of a board: the records whose field has `value`; null for those where it is empty. */
export interface Column {
  id: string;
  value: string | null;
  label: Option["label"] | null;
  color?: string;
  kind: StageKind;
  /** How many cards it should hold at most, and for how many days each. */
  limit?: number;
  days?: number;
}

export const EMPTY_COLUMN = "∅";

/** The select fields that a board may have its columns from, the pipeline's first. */
export function boardFields(catalog: Catalog, object: ObjectDefinition): Field[] {
  const staged = pipelineOf(catalog, object)?.field;
  const fields = object.fields.filter((field) => field.type === "select" && optionsOf(catalog, object, field).length > 0);
  return fields.sort((a, b) => Number(b.name === staged) - Number(a.name === staged));
}

/** The columns of a board by a field; limits are those of the view if it is a board by the same field. */
export function columnsOf(catalog: Catalog, object: ObjectDefinition, by: Field, view: View | null): Column[] {
  const pipeline = pipelineOf(catalog, object);
  const stages = pipeline?.field === by.name ? pipeline.stages : [];
  const limits = (view?.board_field === by.name && view.limits) || {};
  const columns: Column[] = optionsOf(catalog, object, by).map((option) => {
    const stage = stages.find((one) => one.name === option.value);
    return {
      id: option.value,
      value: option.value,
      label: option.label,
      color: option.color,
      kind: stage?.kind ?? "open",
      limit: limits[option.value],
      days: stage?.sla_days || undefined,
    };
  });
  if (stages.length > 0 || by.required) return columns;
  return [{ id: EMPTY_COLUMN, value: null, label: null, kind: "open" }, ...columns];
}

/** The query of one column. */
export function columnQuery(query: ListQuery, by: string, value: string | null): ListQuery {
  const condition = value === null ? `${by} == null` : `${by} == ${quote(value)}`;
  return { ...query, filter: bothOf(query.filter, condition), limit: CARDS_PER_PAGE };
}

/** Which column a record lies in. */
export function columnId(value: unknown): string {
  return typeof value === "string" && value ? value : EMPTY_COLUMN;
}
