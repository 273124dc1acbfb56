import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { BulkReport, Label, Page, Ref, Row } from "@/api/types";

/** A public pool as it stands for the viewer. */
export interface Pool {
  name: string;
  label: Label;
  object: string;
  fields: string[];
  masked: string[];
  can: { claim: boolean; assign: boolean };
  held: number;
  quota: number | null;
  claimed_today: number;
  daily: number | null;
  cool_down_days: number;
  idle: { days: number; warn_days: number } | null;
}

/** A record in a pool, with how it came there. */
export interface PooledRow extends Row {
  pool: {
    since: string | null;
    former: Ref | null;
    how: string;
    note: string;
    /** When the viewer, who held it last, may claim it again. */
    claimable_at: string | null;
  };
}

export const poolsQuery = queryOptions({
  queryKey: ["records", "pools"],
  queryFn: ({ signal }) => api.get<{ items: Pool[] }>("/api/pools", {}, signal),
});

export interface PoolSought {
  q: string;
  filter: string;
  sort: string;
}

export const lyingQuery = (pool: string, sought: PoolSought) =>
  infiniteQueryOptions({
    queryKey: ["records", "pools", pool, sought],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<PooledRow>>(`/api/pools/${pool}`, { ...sought, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const claim = (pool: string, ids: string[], person?: string) =>
  api.post<BulkReport>(`/api/pools/${pool}/claim`, person ? { ids, person } : { ids });

export const giveBack = (object: string, id: string, note: string) =>
  api.post<Row>(`/api/records/${object}/${id}/release`, { note });
