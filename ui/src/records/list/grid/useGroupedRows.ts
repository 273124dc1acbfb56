import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";

import { keys, type ListQuery, records } from "@/api/records";
import type { Field, ObjectDefinition, Page, Row } from "@/api/types";
import { optionsOf, useCatalog } from "@/catalog/catalog";

import { bothOf, LONG, type Rows } from "../../query";
import { sumsQuery } from "../../sums";
import { conditionOf, type Group, measuresOf, readGroups } from "./groups";
import { groupedLines, type Line } from "./lines";

interface Place {
  group: string;
  cursor: string | null;
}

type GroupPage = Page<Row> & { group: string };
type Pages = InfiniteData<GroupPage, Place>;

export interface Grouping {
  groups: Group[];
  lines: Line[];
  toggle: (key: string) => void;
}

export interface GroupedRows {
  result: Rows;
  grouping: Grouping;
}

const MANY = 12;
export const MAX_GROUPS = 200;
const NOBODY: Group[] = [];

/**
 * The rows of a list by the values of a field. The rows of the open groups are read one group after the other, page by
 * page; what is folded isn't read. Many groups start folded.
 */
export function useGroupedRows(
  object: ObjectDefinition,
  query: ListQuery,
  by: Field | null,
  fields: readonly Field[],
): GroupedRows {
  const client = useQueryClient();
  const catalog = useCatalog();
  const [folds, setFolds] = useState<{ by: string; folded: Record<string, boolean> }>({ by: "", folded: {} });
  const folded = folds.by === by?.name ? folds.folded : {};
  const request = {
    group_by: by ? [by.name] : [],
    measures: measuresOf(fields),
    limit: MAX_GROUPS,
    filter: query.filter,
    q: query.q,
    archived: query.archived,
  };
  const figures = useQuery({
    ...sumsQuery(object.name, request),
    placeholderData: keepPreviousData,
    enabled: by !== null,
  });
  const groups = useMemo(
    () =>
      by && figures.data
        ? readGroups(figures.data.rows, by, fields, optionsOf(catalog, object, by))
        : NOBODY,
    [by, figures.data, fields, catalog, object],
  );
  const isFolded = (key: string) => folded[key] ?? groups.length > MANY;
  const open = groups.filter((group) => !isFolded(group.key)).map((group) => group.key);
  const order = useRef<{ all: string[]; open: string[] }>({ all: [], open: [] });
  order.current = { all: groups.map((group) => group.key), open };
  const queryKey = [...keys.list(object.name, query), "by", by?.name ?? ""];
  const listed = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam, signal }): Promise<GroupPage> => {
      const within = by ? bothOf(query.filter, conditionOf(by, pageParam.group)) : query.filter;
      const page = await records.list(object.name, { ...query, filter: within }, pageParam.cursor, signal);
      return { ...page, group: pageParam.group };
    },
    initialPageParam: { group: open[0] ?? "", cursor: null } satisfies Place as Place,
    getNextPageParam: (last): Place | null => nextPlace(last, order.current),
    placeholderData: keepPreviousData,
    enabled: (known) => by !== null && open.length > 0 && (known.state.data?.pages.length ?? 0) <= LONG,
  });
  const waiting = useRef(false);
  useEffect(() => {
    if (!waiting.current) return;
    waiting.current = false;
    void listed.fetchNextPage();
  });
  const lines = useMemo(() => {
    const rowsOf = new Map<string, Row[]>();
    for (const page of listed.data?.pages ?? []) {
      rowsOf.set(page.group, [...(rowsOf.get(page.group) ?? []), ...page.items]);
    }
    return groupedLines(groups, rowsOf, (key) => folded[key] ?? groups.length > MANY);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `folds` stands for `folded`
  }, [listed.data, groups, folds]);
  const rows = useMemo(() => lines.flatMap((line) => (line.kind === "row" ? [line.row] : [])), [lines]);
  const toggle = (key: string) => {
    const opening = isFolded(key);
    setFolds({ by: by?.name ?? "", folded: { ...folded, [key]: !opening } });
    if (!opening || !listed.data) return;
    const kept = pagesUpTo(listed.data as Pages, key, order.current.all);
    if (!kept) return;
    if (kept.pages.length === 0) client.removeQueries({ queryKey });
    else {
      client.setQueryData<Pages>(queryKey, kept);
      waiting.current = true;
    }
  };
  return {
    result: {
      rows,
      loading: by !== null && (figures.isPending || (open.length > 0 && listed.isPending)),
      fetchingMore: listed.isFetchingNextPage,
      more: listed.hasNextPage,
      ready: listed.hasNextPage && !listed.isFetching && !listed.error,
      fetchMore: () => {
        if (listed.hasNextPage && !listed.isFetching) void listed.fetchNextPage();
      },
      error: figures.error ?? listed.error,
      retry: () => {
        void figures.refetch();
        void listed.refetch();
      },
      stale: figures.isPlaceholderData,
    },
    grouping: { groups, lines, toggle },
  };
}

/** Where to go on after a page: in its group, else with the next open group. */
export function nextPlace(last: GroupPage, order: { all: string[]; open: string[] }): Place | null {
  if (last.next_cursor && order.open.includes(last.group)) return { group: last.group, cursor: last.next_cursor };
  const here = order.all.indexOf(last.group);
  const next = order.open.find((key) => order.all.indexOf(key) > here);
  return next === undefined ? null : { group: next, cursor: null };
}

/** The pages that stay when a group is unfolded whose rows are not all there; null when nothing needs to go. */
export function pagesUpTo(data: Pages, key: string, order: readonly string[]): Pages | null {
  const own = data.pages.filter((page) => page.group === key).at(-1);
  if (own && !own.next_cursor) return null;
  const place = order.indexOf(key);
  const count = data.pages.filter((page) => order.indexOf(page.group) <= place).length;
  return { pages: data.pages.slice(0, count), pageParams: data.pageParams.slice(0, count) };
}
