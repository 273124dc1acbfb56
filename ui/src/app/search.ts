/** What the address of a list says. Absent parts take the view's own setting. */
export interface ListSearch {
  view?: string;
  q?: string;
  filter?: string;
  sort?: string;
  layout?: "list" | "board";
  archived?: boolean;
}

export interface RecordSearch {
  tab?: string;
}

export function readListSearch(raw: Record<string, unknown>): ListSearch {
  const found: ListSearch = {};
  for (const name of ["view", "q", "filter", "sort"] as const) {
    const value = raw[name];
    if (value !== undefined && value !== null && value !== "") found[name] = String(value);
  }
  if (raw.layout === "list" || raw.layout === "board") found.layout = raw.layout;
  if (raw.archived === true) found.archived = true;
  return found;
}
