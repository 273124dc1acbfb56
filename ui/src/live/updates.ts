import { type InvalidateQueryFilters, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useRef } from "react";

import type { Notice } from "@/api/types";
import { useSession } from "@/app/session";
import { catalogQuery } from "@/catalog/catalog";
import { HOME } from "@/home/answer";
import { settingsQuery } from "@/notices/notices";
import { minuteOf, popsUp } from "@/notices/toast";
import { useToast } from "@/notices/Toast";

import { staleBy } from "./stale";
import { type LiveEvent, listen } from "./stream";

const QUIET_MS = 400;
const HOME_MS = 5_000;
const REMEMBERED = 500;

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
    const stale = staleBy(event, client.getQueryData(catalogQuery.queryKey));
    for (const [name, filters] of stale) soon(name, filters);
    if (event.type === "notification") soon("home", { queryKey: HOME });
    else if (event.type !== "job") later("home", { queryKey: HOME });
  };
}

/** Spoils queries `after` so many ms, those of one name once; those that come meanwhile go with them. */
function spoiler(client: QueryClient, after: number): (name: string, filters: InvalidateQueryFilters) => void {
  const due = new Map<string, InvalidateQueryFilters>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    for (const filters of due.values()) void client.invalidateQueries(filters);
    due.clear();
  };
  return (name, filters) => {
    due.set(name, filters);
    timer ??= setTimeout(flush, after);
  };
}
