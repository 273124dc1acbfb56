import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Label, Ref } from "@/api/types";

/** A mail, its fields by the role that they play. */
export interface Mail {
  id: string;
  version: number;
  moment: string;
  direction: "outgoing" | "incoming";
  status: "draft" | "queued" | "sent" | "uncertain" | "failed" | "bounced" | "received";
  sender: string | null;
  to: string | null;
  cc: string | null;
  subject: string | null;
  body: string | null;
  kind: string | null;
  tracked: boolean;
  thread: string | null;
  at: string | null;
  opened_at: string | null;
  replied_at: string | null;
  bounced_at: string | null;
  failure_kind: string | null;
  /** What the server said. */
  failure: string | null;
  unread: boolean;
  automatic: boolean;
  owner: Ref | null;
  may_edit: boolean;
  related: { field: string; object: string; id: string; label: string | null }[];
  files?: { id: string; name: string; size: number; mime: string }[];
  visits?: { kind: "link" | "document" | "pixel"; label: string; times: number; first: string; last: string }[];
  pages?: { name: string; page: number; seconds: number; readings: number }[];
  rich?: boolean;
  quotes?: boolean;
  pictures?: boolean;
}

export interface ThreadHead {
  thread: string;
  count: number;
  unread: number;
  last: Mail;
}

export interface Thread {
  thread: string;
  subject: string;
  items: Mail[];
}

export interface Stranger {
  id: string;
  account: string;
  sender: string;
  name: string;
  subject: string;
  at: string;
}

export interface Letter {
  name: string;
  label: Label;
  kind: string;
}

export const BOXES = ["all", "unread", "unanswered", "awaiting", "drafts", "failed"] as const;
export type Box = (typeof BOXES)[number];
export type Whose = "mine" | "all";

/** Under the mail object's own key, so that a live event about a mail spoils what shows it. */
const keyOf = (object: string) => ["records", object, "mail"] as const;

export const threadsQuery = (object: string, box: Box, whose: Whose, q: string) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(object), "threads", box, whose, q],
    queryFn: ({ pageParam, signal }) =>
      api.get<{ items: ThreadHead[]; next_cursor: string | null }>(
        "/api/mail/threads",
        { box, whose, q: q || undefined, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const countsQuery = (object: string, whose: Whose) =>
  queryOptions({
    queryKey: [...keyOf(object), "counts", whose],
    queryFn: ({ signal }) => api.get<Partial<Record<Box, number>>>("/api/mail/counts", { whose }, signal),
  });

export const threadQuery = (object: string, thread: string) =>
  queryOptions({
    queryKey: [...keyOf(object), "thread", thread],
    queryFn: ({ signal }) => api.get<Thread>(`/api/mail/threads/${encodeURIComponent(thread)}`, {}, signal),
  });

export const strangersQuery = (object: string) =>
  queryOptions({
    queryKey: [...keyOf(object), "strangers"],
    queryFn: ({ signal }) => api.get<{ items: Stranger[] }>("/api/mail/strangers", {}, signal),
  });

export const lettersQuery = (object: string) =>
  queryOptions({
    queryKey: ["mail letters", object],
    queryFn: ({ signal }) => api.get<{ items: Letter[] }>("/api/mail/letters", { object }, signal),
    staleTime: 10 * 60_000,
  });

export interface Beginning {
  object?: string;
  record?: string;
  letter?: string;
  answers?: string;
  all?: boolean;
  locale?: string;
}

export const mails = {
  begin: (beginning: Beginning) => api.post<Mail>("/api/mail/drafts", beginning),
  get: (id: string) => api.get<Mail>(`/api/mail/mails/${id}`),
  send: (id: string, version: number, account?: string) =>
    api.post<Mail>(`/api/mail/mails/${id}/send`, { version, account }),
  decide: (id: string, again: boolean) => api.post<Mail>(`/api/mail/mails/${id}/decide`, { again }),
  mark: (thread: string, unread: boolean) =>
    api.post(`/api/mail/threads/${encodeURIComponent(thread)}/read`, { unread }),
  letter: (name: string, object: string, record: string, locale: string) =>
    api.get<{ subject: string; body: string; kind: string }>(`/api/mail/letters/${name}`, { object, record, locale }),
  link: (id: string, object: string, record: string) =>
    api.post<Mail | null>(`/api/mail/strangers/${id}/link`, { object, record }),
  dismiss: (id: string) => api.delete(`/api/mail/strangers/${id}`),
};

/** The name in an address, else the address. */
export function nameIn(address: string | null): string {
  const text = address ?? "";
  return text.split(" <")[0]?.trim() || text;
}

/** Who a mail is from or to, as a list shows it. */
export function partner(mail: Mail): string {
  if (mail.direction === "incoming") return nameIn(mail.sender);
  return (mail.to ?? "")
    .split(",")
    .map((one) => nameIn(one.trim()))
    .filter(Boolean)
    .join("、");
}
