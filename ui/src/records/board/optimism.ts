import type { InfiniteData, QueryClient } from "@tanstack/react-query";

import { type Aggregated, type AggregateQuery, keys, type ListQuery } from "@/api/records";
import type { Page, Row } from "@/api/types";

import { columnQuery } from "./columns";
import { movedFigures } from "./figures";

type Pages = InfiniteData<Page<Row>, string | null>;

interface Board {
  object: string;
  by: string;
  query: ListQuery;
  figures: AggregateQuery;
}

/** Moves a card between the cached columns, their figures with it; the function given back undoes it. */
export function moveCard(client: QueryClient, board: Board, row: Row, to: string | null): () => void {
  const { object, by, query } = board;
  const source = keys.list(object, columnQuery(query, by, (row[by] as string | null) ?? null));
  const target = keys.list(object, columnQuery(query, by, to));
  const sums = keys.sums(object, board.figures);
  const before = [source, target, sums].map((key) => [key, client.getQueryData(key)] as const);
  client.setQueryData<Pages>(
    source,
    (pages) => pages && { ...pages, pages: pages.pages.map((page) => removed(page, row)) },
  );
  client.setQueryData<Pages>(target, (pages) => pages && { ...pages, pages: added(pages.pages, { ...row, [by]: to }) });
  client.setQueryData<Aggregated>(sums, (known) => known && { ...known, rows: movedFigures(known.rows, by, row, to) });
  return () => {
    for (const [key, value] of before) client.setQueryData(key, value);
  };
}

function removed(page: Page<Row>, row: Row): Page<Row> {
  return { ...page, items: page.items.filter((item) => item.id !== row.id) };
}

function added(pages: Page<Row>[], row: Row): Page<Row>[] {
  const [first, ...rest] = pages;
  return first ? [{ ...first, items: [row, ...first.items] }, ...rest] : pages;
}
