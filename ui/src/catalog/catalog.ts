import { queryOptions } from "@tanstack/react-query";
import { createContext, useContext } from "react";

import { api } from "@/api/client";
import type { Catalog, Field, ObjectDefinition, ObjectRight, Option, Pipeline, Row, Stage, View } from "@/api/types";

export const catalogQuery = queryOptions({
  queryKey: ["catalog"],
  queryFn: ({ signal }) => api.get<Catalog>("/api/catalog", {}, signal),
  staleTime: Infinity,
});

/** What the shell has read. A context, since each cell of a list asks: so many observers of a query would be slow. */
export const CatalogContext = createContext<Catalog | null>(null);

/** The definitions this viewer may see. Only used below the shell, which waits for them. */
export function useCatalog(): Catalog {
  const catalog = useContext(CatalogContext);
  if (!catalog) throw new Error("useCatalog outside the shell");
  return catalog;
}

export function useObject(name: string): ObjectDefinition | null {
  return useCatalog().objects[name] ?? null;
}

export function fieldOf(object: ObjectDefinition, name: string): Field | null {
  return object.fields.find((field) => field.name === name) ?? null;
}

export function may(object: ObjectDefinition | null | undefined, right: ObjectRight): boolean {
  return Boolean(object?.can[right]);
}

/** Whether the viewer may change or archive this very record; where a row doesn't say, what holds for its object. */
export function mayDo(object: ObjectDefinition, row: Row, right: "update" | "archive"): boolean {
  if (right === "update" && row.archived_at) return false;
  return may(object, right) && (row._can?.[right] ?? true);
}

/** Whether the viewer may move records of an object (or this very one) to other stages. */
export function mayMove(object: ObjectDefinition, pipeline: Pipeline, row?: Row): boolean {
  const stage = fieldOf(object, pipeline.field);
  return stage !== null && isWritable(stage) && (row ? mayDo(object, row, "update") : may(object, "update"));
}

export function pipelineOf(catalog: Catalog, object: ObjectDefinition): Pipeline | null {
  return object.pipeline ? (catalog.pipelines[object.pipeline] ?? null) : null;
}

/** The views of an object: one's own records first, then all of them, then boards and calendars, then the rest as they come. */
export function viewsOf(catalog: Catalog, object: string): View[] {
  const views = catalog.views.filter((view) => view.object === object);
  return views.sort((a, b) => rankOf(a) - rankOf(b));
}

/** Whether a view is about the viewer's own records. */
export function isOwnView(view: Pick<View, "filter">): boolean {
  return /==\s*me\b/.test(view.filter);
}

function rankOf(view: View): number {
  if (view.kind === "board" || view.kind === "calendar") return 2;
  if (isOwnView(view)) return 0;
  return view.filter === "" ? 1 : 3;
}

export function stageOf(pipeline: Pipeline | null, name: unknown): Stage | null {
  return pipeline?.stages.find((stage) => stage.name === name) ?? null;
}

/** The choices of a field: its own options, or the stages when a pipeline runs over it. */
export function optionsOf(catalog: Catalog, object: ObjectDefinition, field: Field): Option[] {
  const pipeline = pipelineOf(catalog, object);
  if (pipeline?.field === field.name) {
    return pipeline.stages.map(({ name, label, color }) => ({ value: name, label, color }));
  }
  return field.options ?? [];
}

export function isReference(field: Field): boolean {
  return ["reference", "references", "user"].includes(field.stored_type);
}

/** The object that a reference or user field points to. */
export function targetOf(field: Field): string {
  return field.object ?? "user";
}

/** The names to pass as `expand` so that references come with their labels. */
export function expandOf(object: ObjectDefinition, names?: readonly string[]): string {
  return object.fields
    .filter((field) => isReference(field) && (!names || names.includes(field.name)))
    .map((field) => field.name)
    .join(",");
}

/** Fields a person may fill in. */
export function isWritable(field: Field): boolean {
  return !field.readonly && !field.derived && field.stored_type !== "json";
}

/** The money field whose sum stands for the object: the first one that is stored. */
export function figureOf(object: ObjectDefinition): Field | null {
  return object.fields.find((field) => field.type === "money") ?? null;
}
