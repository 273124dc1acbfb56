import type { InfiniteData, QueryClient } from "@tanstack/react-query";

import { keys, type ListQuery } from "@/api/records";
import type { Page, Row } from "@/api/types";

import { columnQuery } from "./column";

type Pages = InfiniteData<Page<Row>, string | null>;

/** Moves a card between the cached columns; the function given back undoes it. */
export function moveCard(
  client: QueryClient,
  object: string,
  query: ListQuery,
  by: string,
  row: Row,
  to: string,
): () => void {
  const source = keys.list(object, columnQuery(query, by, String(row[by])));
  const target = keys.list(object, columnQuery(query, by, to));
  const before = [source, target].map((key) => [key, client.getQueryData<Pages>(key)] as const);
  client.setQueryData<Pages>(
    source,
    (pages) => pages && { ...pages, pages: pages.pages.map((page) => removed(page, row)) },
  );
  client.setQueryData<Pages>(target, (pages) => pages && { ...pages, pages: added(pages.pages, { ...row, [by]: to }) });
  return () => {
    for (const [key, pages] of before) client.setQueryData(key, pages);
  };
}

function removed(page: Page<Row>, row: Row): Page<Row> {
  return { ...page, items: page.items.filter((item) => item.id !== row.id) };
}

function added(pages: Page<Row>[], row: Row): Page<Row>[] {
  const [first, ...rest] = pages;
  return first ? [{ ...first, items: [row, ...first.items] }, ...rest] : pages;
}
