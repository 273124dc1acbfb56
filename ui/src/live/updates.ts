import { type InvalidateQueryFilters, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useRef } from "react";

import { keys } from "@/api/records";
import type { GateAnswer, GateOverview, Notice } from "@/api/types";
import { useSession } from "@/app/session";
import { HOME } from "@/home/answer";
import { settingsQuery } from "@/notices/notices";
import { minuteOf, popsUp } from "@/notices/toast";
import { useToast } from "@/notices/Toast";

import { type LiveEvent, listen } from "./stream";

const QUIET_MS = 400;
const HOME_MS = 5_000;
const REMEMBERED = 500;
/** Every timeline: what becomes of a mail is told on those of the records that it hangs to. */
const TIMELINES: InvalidateQueryFilters = { predicate: ({ queryKey }) => queryKey[2] === "one" && queryKey[4] === "timeline" };

/** The gates that ask for records of this object: one of them may be what another record lacked. */
function gatesOver(object: string): InvalidateQueryFilters {
  const asks = (answer: Partial<GateOverview & GateAnswer> | undefined) =>
    (answer?.reasons ?? answer?.stages?.flatMap((stage) => stage.deliverables) ?? []).some((one) => one.object === object);
  return {
    predicate: ({ queryKey, state }) =>
      queryKey[2] === "one" && queryKey[4] === "gate" && asks(state.data as Partial<GateOverview & GateAnswer> | undefined),
  };
}

/** Keeps what is on screen fresh: a live event spoils what it touches, several at once spoil it once. */
export function useLiveUpdates(): void {
  const client = useQueryClient();
  const { user, place } = useSession();
  const { notification } = App.useApp();
  const toast = useToast(notification);
  const show = useRef(toast);
  useEffect(() => {
    show.current = toast;
  });
  useEffect(() => {
    const control = new AbortController();
    const spoil = gather(client);
    const popped = new Set<string>();
    const pop = async (notice: Notice) => {
      if (popped.has(notice.id) || document.visibilityState !== "visible") return;
      popped.add(notice.id);
      if (popped.size > REMEMBERED) popped.delete([...popped][0] ?? "");
      const settings = await client.ensureQueryData(settingsQuery).catch(() => undefined);
      if (popsUp(notice, settings, minuteOf(new Date(), user.time_zone))) show.current(notice);
    };
    listen(
      (event) => {
        spoil(event);
        if (event.type === "notification" && event.data.id) void pop(event.data as unknown as Notice);
      },
      place,
      control.signal,
    );
    return () => control.abort();
  }, [client, place, user.time_zone]);
}

function gather(client: QueryClient): (event: LiveEvent) => void {
  const soon = spoiler(client, QUIET_MS);
  const later = spoiler(client, HOME_MS);
  return (event) => {
    for (const queryKey of keysOf(event)) soon({ queryKey });
    if (event.type === "record") soon(gatesOver(String(event.data.object)), `gates over ${String(event.data.object)}`);
    if (event.type === "record" && String(event.data.kind).startsWith("mail.")) soon(TIMELINES, "timelines");
    if (event.type === "notification") soon({ queryKey: HOME });
    else if (event.type !== "job") later({ queryKey: HOME });
  };
}

/** Spoils queries `after` so many ms; those that come meanwhile go with them. */
function spoiler(client: QueryClient, after: number): (filters: InvalidateQueryFilters, called?: string) => void {
  const due = new Map<string, InvalidateQueryFilters>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    for (const filters of due.values()) void client.invalidateQueries(filters);
    due.clear();
  };
  return (filters, called = JSON.stringify(filters.queryKey)) => {
    due.set(called, filters);
    timer ??= setTimeout(flush, after);
  };
}

function keysOf({ type, data }: LiveEvent): (readonly unknown[])[] {
  if (type === "record") {
    const object = String(data.object);
    return [[...keys.object(object), "list"], [...keys.object(object), "sums"], keys.one(object, String(data.id))];
  }
  if (type === "job") return [["jobs"]];
  return type === "snapshot" ? [["catalog"], ["records"]] : [["notifications"]];
}
