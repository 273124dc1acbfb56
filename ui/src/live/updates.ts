import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect } from "react";

import { keys } from "@/api/records";
import type { Label } from "@/api/types";
import { useLabel } from "@/catalog/label";
import { HOME } from "@/home/answer";

import { type LiveEvent, listen } from "./stream";

const QUIET_MS = 400;
const HOME_MS = 5_000;

/** Keeps what is on screen fresh: a live event spoils what it touches, several at once spoil it once. */
export function useLiveUpdates(): void {
  const client = useQueryClient();
  const { notification } = App.useApp();
  const say = useLabel();
  useEffect(() => {
    const control = new AbortController();
    const spoil = gather(client);
    listen((event) => {
      spoil(event);
      const message = event.data.message as Label | undefined;
      if (event.type === "notification" && event.data.urgent && message) {
        notification.warning({ title: say(message), duration: 8 });
      }
    }, control.signal);
    return () => control.abort();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- one stream per shell, whatever the language
  }, [client]);
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
