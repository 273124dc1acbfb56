import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useRef } from "react";

import { keys } from "@/api/records";
import type { Notice } from "@/api/types";
import { useSession } from "@/app/session";
import { HOME } from "@/home/answer";
import { settingsQuery } from "@/notices/notices";
import { minuteOf, popsUp } from "@/notices/toast";
import { useToast } from "@/notices/Toast";

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
    for (const key of keysOf(event)) soon(key);
    if (event.type === "notification") soon(HOME);
    else if (event.type !== "job") later(HOME);
  };
}

/** Spoils keys `after` so many ms; those that come meanwhile go with them. */
function spoiler(client: QueryClient, after: number): (key: readonly unknown[]) => void {
  const due = new Map<string, readonly unknown[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    for (const queryKey of due.values()) void client.invalidateQueries({ queryKey });
    due.clear();
  };
  return (key) => {
    due.set(JSON.stringify(key), key);
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
