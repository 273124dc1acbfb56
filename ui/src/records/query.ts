import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { keys, type ListQuery, records } from "@/api/records";
import type { ObjectDefinition, Row } from "@/api/types";
import { expandOf } from "@/catalog/catalog";

/** One record with its references by name. */
export const recordQuery = (object: ObjectDefinition, id: string) =>
  queryOptions({
    queryKey: keys.one(object.name, id),
    queryFn: ({ signal }) => records.get(object.name, id, expandOf(object), signal, true),
  });

/** The records of a query, page by page along the server's cursor. */
export const rowsQuery = (object: string, query: ListQuery) =>
  infiniteQueryOptions({
    queryKey: keys.list(object, query),
    queryFn: ({ pageParam, signal }) => records.list(object, query, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export interface Rows {
  rows: Row[];
  loading: boolean;
  fetchingMore: boolean;
  more: boolean;
  /** More may be read without being asked: nothing is being read, and nothing went wrong. */
  ready: boolean;
  fetchMore: () => void;
  /** Reads on until so many records are there or all of them, or nobody waits any more; where a list can't, it is absent. */
  fetchUpTo?: (count: number, signal: AbortSignal) => Promise<Row[]>;
  error: Error | null;
  retry: () => void;
  /** What is shown belongs to the query before this one. */
  stale: boolean;
}

/** Beyond so many pages a list isn't read again by itself: it would be read whole. */
export const LONG = 10;

/** The records of a query, read page by page along the server's cursor. */
export function useRows(object: string, query: ListQuery, enabled = true): Rows {
  const client = useQueryClient();
  const asked = rowsQuery(object, query);
  const hash = JSON.stringify(asked.queryKey);
  useEffect(() => () => shorten(client, JSON.parse(hash) as readonly unknown[]), [client, hash]);
  const result = useInfiniteQuery({
    ...asked,
    placeholderData: keepPreviousData,
    enabled: (known) => enabled && (known.state.data?.pages.length ?? 0) <= LONG,
  });
  const pages = result.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  return {
    rows,
    loading: result.isPending,
    fetchingMore: result.isFetchingNextPage,
    more: result.hasNextPage,
    ready: result.hasNextPage && !result.isFetching && !result.error,
    fetchMore: () => {
      if (result.hasNextPage && !result.isFetching) void result.fetchNextPage();
    },
    fetchUpTo: (count, signal) => readUpTo(result, count, signal),
    error: result.error,
    retry: () => void result.refetch(),
    stale: result.isPlaceholderData,
  };
}

interface Reading {
  data?: { pages: readonly { items: Row[] }[] };
  hasNextPage: boolean;
  error: Error | null;
  fetchNextPage: () => Promise<Reading>;
}

/** The first `count` records of a list, for which it reads on. Raises what went wrong with a page, and when it is aborted. */
export async function readUpTo(start: Reading, count: number, signal: AbortSignal): Promise<Row[]> {
  let now = start;
  for (;;) {
    const rows = now.data?.pages.flatMap((page) => page.items) ?? [];
    if (rows.length >= count || !now.hasNextPage) return rows.slice(0, count);
    now = await now.fetchNextPage();
    signal.throwIfAborted();
    if (now.error) throw now.error;
  }
}

/** Leaves the first pages of a long list that nobody looks at any more, to be read again when somebody does. */
function shorten(client: QueryClient, queryKey: readonly unknown[]): void {
  const data = client.getQueryData<InfiniteData<unknown>>(queryKey);
  if (!data || data.pages.length <= LONG) return;
  client.setQueryData(queryKey, { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) });
  void client.invalidateQueries({ queryKey, exact: true, refetchType: "none" });
}

/** Both conditions; either may be empty. */
export function bothOf(one: string | undefined, other: string | undefined): string | undefined {
  if (!one || !other) return one || other || undefined;
  return `${bracketed(one)} and ${bracketed(other)}`;
}

/** A text as it stands beside `and`: in brackets where something in it binds less. */
export function bracketed(text: string): string {
  return /\bor\b|或/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, "")) ? `(${text})` : text;
}
