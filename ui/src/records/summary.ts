import type { Field, ObjectDefinition, Row } from "@/api/types";
import { fieldOf, pipelineOf, useCatalog } from "@/catalog/catalog";

/** The text that names a record: its title field, else its id's beginning. */
export function titleOf(object: ObjectDefinition, row: Row): string {
  const value = row[object.title];
  return typeof value === "string" && value ? value : row.id.slice(0, 8);
}

/** The field that shows where a record stands: its pipeline's, else its first select. */
export function useStateField(object: ObjectDefinition): Field | null {
  const pipeline = pipelineOf(useCatalog(), object);
  if (pipeline) return fieldOf(object, pipeline.field);
  return object.fields.find((field) => field.stored_type === "select") ?? null;
}
