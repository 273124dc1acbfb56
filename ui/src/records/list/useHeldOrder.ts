import { useMemo, useRef } from "react";

import type { Row } from "@/api/types";

/**
 * The rows in the order in which they stood when `held` began, so that none runs away from under an edit. Rows that came
 * since stand where they are new; it ends when `scope` (the query) changes.
 */
export function useHeldOrder(rows: Row[], held: boolean, scope: string): Row[] {
  const kept = useRef<{ scope: string; order: string[] } | null>(null);
  return useMemo(() => {
    if (kept.current?.scope !== scope) kept.current = null;
    if (held && !kept.current) kept.current = { scope, order: rows.map((row) => row.id) };
    return kept.current ? inOrder(rows, kept.current.order) : rows;
  }, [rows, held, scope]);
}

/** Known rows in the order given; a row that isn't in it follows the one that it follows now. */
export function inOrder(rows: Row[], order: readonly string[]): Row[] {
  const place = new Map(order.map((id, index) => [id, index]));
  const known = rows.filter((row) => place.has(row.id)).sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
  const fresh = rows.filter((row) => !place.has(row.id));
  if (fresh.length === 0) return known;
  const last = rows.findLastIndex((row) => place.has(row.id));
  const onTop = fresh.filter((row) => rows.indexOf(row) < last);
  return [...onTop, ...known, ...fresh.filter((row) => !onTop.includes(row))];
}
