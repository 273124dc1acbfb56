import type { QueryClient } from "@tanstack/react-query";

import type { Catalog } from "@/api/types";
import { savedViewsQuery } from "@/api/views";
import type { ListSearch } from "@/app/search";
import { viewsOf } from "@/catalog/catalog";

import { rowsQuery } from "../query";
import { keptIn, lookOf, queryOf, readKept } from "./look";
import { shippedView } from "./views";

/** Reads ahead what a list begins with: the saved views, and the rows of a view that came with the application. */
export function readAhead(client: QueryClient, catalog: Catalog, name: string, search: ListSearch): void {
  const object = catalog.objects[name];
  if (!object?.can.read) return;
  void client.prefetchQuery(savedViewsQuery(name));
  const asked = viewsOf(catalog, name).find((view) => view.name === search.view);
  if (!asked) return;
  const view = shippedView(object, asked, () => "");
  const look = lookOf(view.look, search, readKept(keptIn(name, view.name)));
  if (look.kind !== "list" || look.group_by) return;
  void client.prefetchInfiniteQuery(rowsQuery(name, queryOf(object, look, search)));
}
