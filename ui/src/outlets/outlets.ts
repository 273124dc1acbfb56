import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Label, Page, Ref } from "@/api/types";

import type { DeliveryState, OutletSearch } from "./search";

export interface Outlet {
  id: string;
  version: number;
  name: string;
  kind: string;
  host: string;
  has_secret: boolean;
  locale: "zh-CN" | "en";
  active: boolean;
  /** Empty: all. */
  kinds: string[];
  urgent_only: boolean;
  teams: Ref[];
  roles: string[];
  people: Ref[];
  /** Messages that failed since one arrived. */
  failures: number;
  waiting: number;
  dead: number;
  last: { state: DeliveryState; answer: string; at: string } | null;
}

export interface OutletKind {
  name: string;
  label: Label;
  /** How an address of this kind usually starts. */
  starts: string;
  secret: "none" | "optional" | "needed";
}

export interface Outlets {
  items: Outlet[];
  kinds: OutletKind[];
  notices: { kind: string; label: Label; urgent: boolean }[];
  roles: { name: string; label: Label }[];
  /** Whether messages can hold links. */
  links: boolean;
  mail: boolean;
}

/** What an administrator says of an outlet; empty address and secret: as they were. */
export interface OutletSetting {
  name: string;
  kind: string;
  address: string;
  secret: string;
  locale: "zh-CN" | "en";
  active: boolean;
  kinds: string[];
  urgent_only: boolean;
  teams: string[];
  roles: string[];
  people: string[];
}

export interface Delivery {
  id: string;
  outlet: Ref | null;
  kind: string;
  label: Label | null;
  object: string | null;
  record: string | null;
  message: Label;
  urgent: boolean;
  count: number;
  people: string[];
  at: string;
  due_at: string;
  state: DeliveryState;
  attempts: number;
  answer: string;
  sent_at: string | null;
}

export const MAIL = "email";
const KEY = ["outlets"];
const LOG = ["deliveries"];
const LOOK_AGAIN_MS = 5_000;

export const outletsQuery = queryOptions({
  queryKey: KEY,
  queryFn: ({ signal }) => api.get<Outlets>("/api/outlets", {}, signal),
});

/** The log, newest first; looked at again while something is on its way. */
export const logQuery = ({ outlet, state }: OutletSearch) =>
  infiniteQueryOptions({
    queryKey: [...LOG, outlet ?? "", state ?? ""],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Delivery>>("/api/deliveries", { outlet, state, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some(({ state: now }) => now === "waiting" || now === "sending"))
        ? LOOK_AGAIN_MS
        : false,
  });

/** Work on outlets, after which they and the log are read anew. */
function useWork<In, Out>(work: (what: In) => Promise<Out>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: KEY }), client.invalidateQueries({ queryKey: LOG })]),
  });
}

export const useMakeOutlet = () =>
  useWork((setting: OutletSetting) => api.post<Outlet & { secret?: string }>("/api/outlets", setting));

export const useChangeOutlet = (id: string) =>
  useWork((change: Partial<OutletSetting> & { version: number }) => api.patch<Outlet>(`/api/outlets/${id}`, change));

export const useRemoveOutlet = (id: string) => useWork(() => api.delete<undefined>(`/api/outlets/${id}`));

export const useTestOutlet = (id: string) =>
  useWork(() => api.post<{ arrived: boolean; answer: string }>(`/api/outlets/${id}/test`, {}));

export const useResend = () => useWork((ids: string[]) => api.post<{ count: number }>("/api/deliveries/resend", { ids }));
