import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Label, Ref } from "@/api/types";

/** What a person holds: records by object and field, and what hangs on them beside. */
export interface Holdings {
  person: Ref & { active: boolean };
  records: {
    object: string;
    field: string;
    label: Label;
    count: number;
    pool: boolean;
    /** Reviews: another reviewer goes on with them, nobody chooses who. */
    audit: boolean;
  }[];
  /** Their mail accounts, some `shared` with a team. */
  mail: { id: string; address: string; shared: boolean }[];
  beside: Record<"follows" | "views" | "shares" | "sessions" | "tokens", number>;
  may_close: boolean;
}

export interface HandOverRule {
  to?: string[];
  pool?: boolean;
  keep?: boolean;
}

/** Who gets a mail account, or that it is closed. */
export type MailRule = { to: string } | { close: true };

export interface PastHandOver {
  id: string;
  back: boolean;
  person: Ref;
  by: string | null;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  moved: Record<string, number>;
  /** How much went of what is no record: "follows", "views", "mail", "mail_closed". */
  beside: Record<string, number>;
  refused: { object: string; id: string; zh: string; en: string }[];
  done: number;
  total: number;
  closed: boolean;
  finished_at: string | null;
  can_take_back: boolean;
}

const RUNNING = ["queued", "running"];

export const holdingsQuery = (user: string) =>
  queryOptions({
    queryKey: ["records", "user", "one", user, "holdings"],
    queryFn: ({ signal }) => api.get<Holdings>(`/api/users/${user}/holdings`, {}, signal),
  });

export const pastQuery = queryOptions({
  queryKey: ["handovers"],
  queryFn: ({ signal }) => api.get<{ items: PastHandOver[] }>("/api/handovers", {}, signal),
  refetchInterval: (query) => (query.state.data?.items.some((one) => RUNNING.includes(one.state)) ? 1_000 : false),
});

interface Order {
  rules: Record<string, HandOverRule>;
  mail: Record<string, MailRule>;
  rest?: string[];
  close: boolean;
}

export const handOver = (user: string, body: Order) =>
  api.post<{ job: string }>(`/api/users/${user}/handover`, body);

export const takeBack = (job: string) => api.post<{ job: string }>("/api/handovers/back", { job });
