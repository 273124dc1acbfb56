import type { ListQuery } from "@/api/records";
import type { ObjectDefinition } from "@/api/types";
import type { Density, Look } from "@/api/views";
import type { ListSearch } from "@/app/search";
import { expandOf } from "@/catalog/catalog";

import { bothOf, bracketed } from "../query";

export const DENSITIES: readonly Density[] = ["compact", "normal", "comfortable"];

/** Height of a row in px. */
export const ROW_HEIGHT: Record<Density, number> = { compact: 30, normal: 38, comfortable: 48 };

/** What a viewer keeps of a view on this device without saving it. */
export interface Kept {
  widths?: Record<string, number>;
  columns?: string[];
  density?: Density;
}

/** The look in force: the view's, with what this device and the address say on top. */
export function lookOf(base: Look, search: ListSearch, kept: Kept): Look {
  return {
    ...base,
    kind: search.layout ?? base.kind,
    filter: search.where ?? bothOf(base.filter, search.filter) ?? "",
    sort: search.sort ?? base.sort,
    columns: search.columns?.split(",").filter(Boolean) ?? kept.columns ?? base.columns,
    board_field: search.by ?? base.board_field,
    group_by: search.group ?? base.group_by,
    density: search.density ?? kept.density ?? base.density,
    widths: { ...base.widths, ...kept.widths },
  };
}

/** What the server is asked for, so that records are seen that way. */
export function queryOf(object: ObjectDefinition, look: Look, search: ListSearch): ListQuery {
  return {
    filter: look.filter || undefined,
    q: search.q,
    sort: look.sort || "-updated_at",
    expand: expandOf(object, [...look.columns, look.group_by]),
    archived: search.archived,
  };
}

/** Whether two looks show the same. */
export function sameLook(one: Look, other: Look): boolean {
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

function plain(look: Look): unknown[] {
  const { kind, filter, sort, columns, board_field, group_by, density, widths } = look;
  const wide = Object.entries(widths).sort(([a], [b]) => a.localeCompare(b));
  return [kind, filter, sort, columns, board_field, group_by, density || "normal", wide];
}

/**
 * The parts of the address that give this filter on top of a view's: conditions that only come on top stand in `filter`,
 * anything else replaces the view's filter as `where`.
 */
export function filterSearch(view: string, wanted: string): Pick<ListSearch, "filter" | "where"> {
  if (wanted === view) return { filter: undefined, where: undefined };
  if (view === "") return { filter: wanted || undefined, where: undefined };
  const opening = `${bracketed(view)} and `;
  if (!wanted.startsWith(opening)) return { filter: undefined, where: wanted };
  const rest = wanted.slice(opening.length);
  const extra = rest.startsWith("(") && rest.endsWith(")") && isWhole(rest) ? rest.slice(1, -1) : rest;
  return bothOf(view, extra) === wanted
    ? { filter: extra, where: undefined }
    : { filter: undefined, where: wanted };
}

/** Whether the first bracket closes at the very end. */
function isWhole(text: string): boolean {
  let depth = 0;
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => " ".repeat(quoted.length));
  for (let place = 0; place < bare.length; place += 1) {
    if (bare[place] === "(") depth += 1;
    if (bare[place] === ")") depth -= 1;
    if (depth === 0) return place === bare.length - 1;
  }
  return false;
}

/** Where this device keeps its own of a view. */
export function keptIn(object: string, view: string): string {
  return `chengdan.look.${object}.${view}`;
}

export function readKept(store: string): Kept {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(store) ?? "{}");
    return typeof found === "object" && found !== null ? (found as Kept) : {};
  } catch {
    return {};
  }
}
