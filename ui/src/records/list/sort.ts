export interface SortState {
  field: string;
  descending: boolean;
}

/** The leading field of a sort like `-amount,name`. */
export function readSort(sort: string | undefined): SortState | null {
  const first = sort?.split(",")[0]?.trim();
  if (!first) return null;
  return first.startsWith("-") ? { field: first.slice(1), descending: true } : { field: first, descending: false };
}

/** What pressing a column's head asks for: ascending, then descending, then the view's own order. */
export function nextSort(now: SortState | null, field: string): string | undefined {
  if (now?.field !== field) return field;
  return now.descending ? undefined : `-${field}`;
}
