import type { InfiniteData, QueryClient } from "@tanstack/react-query";

import { keys } from "@/api/records";
import type { Page, Row, Values } from "@/api/types";

type Pages = InfiniteData<Page<Row>, unknown>;

/** Puts values into a record wherever a list of its object has it. */
export function patchRow(client: QueryClient, object: string, id: string, values: Values): void {
  client.setQueriesData<Pages>({ queryKey: [...keys.object(object), "list"] }, (data) => {
    if (!data?.pages.some((page) => page.items.some((row) => row.id === id))) return data;
    return {
      ...data,
      pages: data.pages.map((page) =>
        page.items.some((row) => row.id === id)
          ? { ...page, items: page.items.map((row) => (row.id === id ? { ...row, ...values } : row)) }
          : page,
      ),
    };
  });
}

/** The record as a list has it now. */
export function knownRow(client: QueryClient, object: string, id: string): Row | null {
  for (const [, data] of client.getQueriesData<Pages>({ queryKey: [...keys.object(object), "list"] })) {
    const found = data?.pages.flatMap((page) => page.items).find((row) => row.id === id);
    if (found) return found;
  }
  return null;
}
