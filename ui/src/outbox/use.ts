import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useMemo, useSyncExternalStore } from "react";

import type { Values } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { spoilRecords } from "@/records/cache";

import { type Entry, isChange, type KeptFile, wanted } from "./entry";
import { sendWaiting } from "./sender";
import { current, watch } from "./store";
import { writeAs } from "./write";

/** Whether the browser has a network at all. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    (notify) => {
      window.addEventListener("online", notify);
      window.addEventListener("offline", notify);
      return () => {
        window.removeEventListener("online", notify);
        window.removeEventListener("offline", notify);
      };
    },
    () => navigator.onLine,
  );
}

/** What the viewer wrote and the server hasn't confirmed, oldest first. */
export function useOutbox(): Entry[] {
  const { user } = useSession();
  const all = useSyncExternalStore(watch, current);
  return useMemo(() => all.filter((entry) => entry.user === user.id), [all, user.id]);
}

/** The changes to a record that still wait to be sent; those that were refused are left out. */
export function usePending(object: string, id: string): Values | null {
  const entry = useOutbox().find((one) => one.object === object && one.record === id && isChange(one) && !one.problem);
  return useMemo(() => (entry ? wanted(entry) : null), [entry]);
}

/** The files that still wait to be put under a record. */
export function useWaitingFiles(object: string, id: string): (KeptFile & { key: string })[] {
  const entries = useOutbox();
  return useMemo(
    () =>
      entries.flatMap((one) =>
        one.object === object && one.record === id && one.file ? [{ ...one.file, key: one.key }] : [],
      ),
    [entries, object, id],
  );
}

/** Sends what waits: at once, when the network is back, when the page is looked at again, and when the next try is due. */
export function useSending(): void {
  const { t } = useTranslation();
  const { user } = useSession();
  const client = useQueryClient();
  const { message } = App.useApp();
  const waiting = useOutbox().filter((entry) => !entry.problem);
  const due = waiting.length > 0 ? Math.min(...waiting.map((entry) => entry.dueAt)) : null;
  const latest = waiting.at(-1)?.key;
  useEffect(() => {
    writeAs(user.id);
    return () => writeAs(null);
  }, [user.id]);
  useEffect(() => {
    if (due === null) return;
    let stopped = false;
    const send = (force: boolean) => {
      if (!navigator.onLine) return;
      sendWaiting(user.id, force)
        .then(({ sent, refused }) => {
          if (stopped && sent.length + refused.length === 0) return;
          if (sent.length > 0) {
            void spoilRecords(client);
            void message.success(t("outbox.sent", { count: sent.length }));
          }
          if (refused.length > 0) void message.warning(t("outbox.refusedToast", { count: refused.length }), 6);
        })
        .catch(() => undefined);
    };
    const timer = setTimeout(() => send(false), Math.max(due - Date.now(), 0));
    const back = () => send(true);
    const seen = () => {
      if (document.visibilityState === "visible") send(true);
    };
    window.addEventListener("online", back);
    document.addEventListener("visibilitychange", seen);
    return () => {
      stopped = true;
      clearTimeout(timer);
      window.removeEventListener("online", back);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [client, due, latest, message, t, user.id]);
}
