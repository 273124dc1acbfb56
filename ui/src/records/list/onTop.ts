import type { ListSearch } from "@/app/search";
import { readFilter } from "@/filters/read";
import type { Scope } from "@/filters/scope";
import { writeGroup } from "@/filters/tree";

import { filterSearch } from "./look";

/** `filterSearch` for a view whose filter is perhaps written in another way than the builder writes it. */
export function filterOnTop(scope: Scope, view: string, wanted: string): Pick<ListSearch, "filter" | "where"> {
  const found = filterSearch(view, wanted);
  const group = found.where === undefined ? null : readFilter(view, scope);
  const again = group ? filterSearch(writeGroup(group, scope), wanted) : found;
  return again.where === undefined ? again : found;
}
