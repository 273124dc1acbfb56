import type { ListSearch } from "@/app/search";
import type { Catalog, Field, ObjectDefinition, View, ViewKind } from "@/api/types";
import { fieldOf, viewsOf } from "@/catalog/catalog";

import { boardFields } from "../board/columns";

/** How the records of an object are laid out, and by which fields. */
export interface Layout {
  kind: ViewKind;
  /** The ways that the object can be laid out at all. */
  possible: ViewKind[];
  /** What a board has its columns from, and what it could have them from. */
  by: Field | null;
  groupings: Field[];
  /** The view whose dates a calendar or agenda goes by: the current one, else the first of its kind. */
  dated: View | null;
}

/** The layout in force: as the address says, else as the view does. */
export function layoutOf(
  catalog: Catalog,
  object: ObjectDefinition,
  view: View | null,
  search: Pick<ListSearch, "layout" | "by">,
): Layout {
  const groupings = boardFields(catalog, object);
  const asked = fieldOf(object, search.by ?? view?.board_field ?? "");
  const views = viewsOf(catalog, object.name);
  const datedBy = (kind: ViewKind) => (view?.kind === kind ? view : (views.find((one) => one.kind === kind) ?? null));
  const possible: ViewKind[] = ["list"];
  if (groupings.length > 0) possible.push("board");
  if (datedBy("calendar")) possible.push("calendar");
  if (datedBy("agenda")) possible.push("agenda");
  const wanted = search.layout ?? view?.kind ?? "list";
  const kind = possible.includes(wanted) ? wanted : "list";
  const by = groupings.find((field) => field.name === asked?.name) ?? groupings[0] ?? null;
  return { kind, possible, by, groupings, dated: datedBy(kind) };
}
