import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import { keys } from "@/api/records";
import type { Label, Ref, Row, Values } from "@/api/types";

export type ConflictState = "open" | "resolved" | "ignored";
export type Way = "share" | "hand_over" | "done" | "ignore" | "reopen";

/** One record of a conflict. Of a hidden one the id is null, and the owner is whom to ask. */
export interface Side {
  id: string | null;
  label: string | null;
  owner: Ref | null;
}

/** A piece of evidence: who did what, when; the field that is shared; the file that was given. */
export interface Fact {
  field?: string;
  at?: string;
  object?: string;
  record?: string;
  name?: string;
  user?: Ref;
}

export interface Conflict {
  id: string;
  conflict: string;
  label: Label;
  kind: "people" | "twins" | "files";
  days: number;
  object: string;
  record: Side;
  other: Side | null;
  subject: string;
  people: Ref[];
  facts: Fact[];
  state: ConflictState;
  found_at: string;
  settled_at: string | null;
  settled_by: Ref | null;
  how: string;
  reason: string;
}

export interface ConflictPage {
  items: Conflict[];
  next_cursor: string | null;
  counts: Record<ConflictState, number>;
  kinds: { name: string; label: Label }[];
}

/** A record that may be the same as the one being made. */
export interface Duplicate {
  id: string | null;
  label: string | null;
  owner: Ref | null;
  field: string;
  exact: boolean;
  score: number;
}

export const ofRecordQuery = (object: string, id: string) =>
  queryOptions({
    queryKey: [...keys.one(object, id), "conflicts"],
    queryFn: ({ signal }) =>
      api.get<{ items: Conflict[] }>(`/api/records/${object}/${id}/conflicts`, {}, signal),
  });

export const conflictsQuery = (state: ConflictState, name: string) =>
  infiniteQueryOptions({
    queryKey: ["records", "conflicts", state, name],
    queryFn: ({ pageParam, signal }) =>
      api.get<ConflictPage>("/api/conflicts", { state, name, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const settle = (conflict: Conflict, how: Way, more: { reason?: string; person?: string } = {}) =>
  api.post<Row>(`/api/records/${conflict.object}/${conflict.record.id}/conflicts/${conflict.id}`, { how, ...more });

export const duplicatesQuery = (object: string, values: Values) =>
  queryOptions({
    queryKey: ["duplicates", object, values],
    queryFn: ({ signal }) =>
      api.request<{ items: Duplicate[] }>("POST", `/api/records/${object}/duplicates`, { body: { values }, signal }),
    staleTime: 30_000,
  });
