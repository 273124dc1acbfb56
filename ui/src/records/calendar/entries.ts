import { useQueries } from "@tanstack/react-query";
import type { Dayjs } from "dayjs";

import { keys, type ListQuery, records } from "@/api/records";
import type { Row } from "@/api/types";
import { type Hue, hueOf } from "@/app/theme/tokens";
import { expandOf, may, optionsOf, useCatalog } from "@/catalog/catalog";

import { type Dated, isDaily, isDone, spanOf, within } from "../dates/moments";
import { bothOf } from "../query";
import { titleOf } from "../summary";

const MOST = 200;

/** One kind of thing on a calendar: which records, and in what colour; without one each has that of its state. */
export interface Source {
  dated: Dated;
  query: Pick<ListQuery, "view" | "filter" | "q">;
  hue?: Hue;
}

/** A record as a calendar shows it; `to` is where it ends. */
export interface Entry {
  key: string;
  source: Source;
  row: Row;
  title: string;
  from: Dayjs;
  to: Dayjs;
  allDay: boolean;
  done: boolean;
  hue: Hue;
  movable: boolean;
}

export interface Entries {
  entries: Entry[];
  loading: boolean;
  error: Error | null;
  /** There are more in this stretch than are shown. */
  cut: boolean;
}

/** What the sources have in [from, to): one bounded request each. */
export function useEntries(sources: Source[], from: Dayjs, to: Dayjs): Entries {
  const catalog = useCatalog();
  const results = useQueries({
    queries: sources.map((source) => {
      const { object, start } = source.dated;
      const query: ListQuery = {
        ...source.query,
        filter: bothOf(source.query.filter, within(source.dated, from, to)),
        sort: start.name,
        limit: MOST,
        expand: expandOf(object, source.dated.view.columns),
      };
      return {
        queryKey: [...keys.object(object.name), "list", "calendar", query],
        queryFn: ({ signal }: { signal: AbortSignal }) => records.list(object.name, query, null, signal),
      };
    }),
  });
  const entries = results.flatMap((result, index) => {
    const source = sources[index];
    if (!source || !result.data) return [];
    const { object, start } = source.dated;
    const state = object.fields.find((field) => field.stored_type === "select");
    const options = state ? optionsOf(catalog, object, state) : [];
    const movable = may(object, "update") && !start.readonly && !start.derived;
    return result.data.items.flatMap((row) => {
      const span = spanOf(source.dated, row);
      if (!span) return [];
      const own = state ? options.find((option) => option.value === row[state.name])?.color : undefined;
      const entry: Entry = {
        key: `${source.dated.view.name}/${row.id}`,
        source,
        row,
        title: titleOf(object, row),
        ...span,
        allDay: isDaily(source.dated),
        done: isDone(source.dated, row),
        hue: source.hue ?? hueOf(own),
        movable,
      };
      return [entry];
    });
  });
  return {
    entries,
    loading: results.some((result) => result.isPending),
    error: results.find((result) => result.error)?.error ?? null,
    cut: results.some((result) => Boolean(result.data?.next_cursor)),
  };
}
