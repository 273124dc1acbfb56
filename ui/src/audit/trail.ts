import { infiniteQueryOptions } from "@tanstack/react-query";
import dayjs from "dayjs";

import { api } from "@/api/client";
import type { Change } from "@/api/timeline";
import type { Label, Page, Ref, Values } from "@/api/types";

import { instantOf, readWall, startOfDay, today } from "@/format/today";
import type { TrailSearch } from "./search";

export interface TrailEvent {
  seq: number;
  at: string;
  actor: Ref | null;
  kind: string;
  cause: string;
  /** The rule that did it. */
  rule?: Label | null;
  object: string | null;
  record: Ref | null;
  data: Values | null;
  changes: Change[];
  snapshot: number;
  transaction: number;
}

export const DEFAULT_DAYS = 7;
export const SPANS = [1, 7, 30, 0] as const;
export const KINDS = [
  "record.created",
  "record.viewed",
  "record.updated",
  "record.moved",
  "record.archived",
  "record.restored",
  "record.merged",
  "record.scored",
  "record.shared",
  "record.unshared",
  "substep.done",
  "substep.undone",
  "substep.worked",
  "record.followed",
  "record.unfollowed",
  "comment.added",
  "comment.edited",
  "comment.removed",
  "file.attached",
  "file.removed",
  "signature.asked",
  "signature.given",
  "signature.missing",
  "signature.vouched",
  "gate.blocked",
  "gate.overridden",
  "rule.fired",
  "person.notified",
  "timer.set",
  "timer.cancelled",
  "timer.fired",
  "conflict.found",
  "conflict.settled",
  "pool.claimed",
  "pool.entered",
  "person.handed_over",
  "snapshot.published",
  "session.opened",
  "session.ended",
  "password.linked",
  "password.set",
  "token.created",
  "token.revoked",
  "outlet.changed",
  "mail.sent",
  "mail.received",
  "mail.opened",
  "mail.link_followed",
  "mail.document_viewed",
  "mail.bounced",
  "mail.account_changed",
] as const;
export const CAUSES = [
  "page",
  "api",
  "import",
  "rule",
  "timer",
  "login",
  "link",
  "public",
  "token",
  "publish",
  "cli",
  "conflict",
  "pool",
  "score",
  "audit",
  "mail",
  "job",
  "view",
  "hand_over",
  "take_back",
  "demo",
] as const;

export type TrailFilter = Partial<Record<"since" | "until" | "actor" | "object" | "record" | "kind" | "cause", string>>;

/** The filter as the server takes it: days are whole ones of the viewer; without any the last few. */
export function filterOf(search: TrailSearch, now: dayjs.Dayjs = dayjs()): TrailFilter {
  const { actor, object, record, kind, cause } = search;
  const days = search.days ?? DEFAULT_DAYS;
  const named = Boolean(search.since || search.until);
  const since = search.since
    ? startOfDay(search.since)
    : named || days === 0
      ? null
      : instantOf(today(now).subtract(days - 1, "day"));
  const until = search.until ? instantOf(dayjs(search.until).startOf("day").add(1, "day")) : null;
  const filter = { since: since?.toISOString(), until: until?.toISOString(), actor, object, record, kind, cause };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as TrailFilter;
}

export const trailQuery = (filter: TrailFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TrailEvent>>("/api/events", { ...filter, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });

/** Events in runs of one day, in the viewer's time. */
export function byDay(events: readonly TrailEvent[]): { day: string; events: TrailEvent[] }[] {
  const days: { day: string; events: TrailEvent[] }[] = [];
  for (const event of events) {
    const day = readWall(event.at).format("YYYY-MM-DD");
    const last = days[days.length - 1];
    if (last?.day === day) last.events.push(event);
    else days.push({ day, events: [event] });
  }
  return days;
}

export const startVerifying = () => api.post<{ job: string }>("/api/events/verify", {});
export const startTrailFile = (filter: TrailFilter, format: "csv" | "xlsx") =>
  api.post<{ job: string }>("/api/events/export", { format, filter });
