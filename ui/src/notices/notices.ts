import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Label, Notice } from "@/api/types";
import { announce } from "@/live/stream";

export interface Notices {
  items: Notice[];
  next_cursor: string | null;
  unread: number;
}

/** What comes of a kind: in the bell (without which nothing else comes), over the page, in group chats, by e-mail. */
export interface Choice {
  in_app: boolean;
  toast: boolean;
  chat: boolean;
  digest: boolean;
}

export interface KindSetting extends Choice {
  kind: string;
  label: Label;
  urgent: boolean;
}

export interface DigestSetting {
  every: "daily" | "weekly";
  /** Of the viewer's day. */
  minute: number;
  /** 0 is Monday. */
  weekday: number;
}

export interface NoticeSettings {
  items: KindSetting[];
  /** Minutes of the viewer's day. */
  quiet: { from: number; to: number } | null;
  digest: DigestSetting | null;
  /** The viewer's address. */
  email: string | null;
  /** Whether the server can send e-mails. */
  mail: boolean;
}

type Changes = { kinds: Record<string, Choice> } | Pick<NoticeSettings, "quiet"> | Pick<NoticeSettings, "digest">;

const KEY = ["notifications"];
const SETTINGS = ["notification settings"];
const IN_BELL = 12;

/** The newest ones, and how many are unread. */
export const bellQuery = queryOptions({
  queryKey: [...KEY, "bell"],
  queryFn: ({ signal }) => api.get<Notices>("/api/notifications", { limit: IN_BELL }, signal),
});

/** All of them, or the unread ones, page by page. */
export const noticesQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: [...KEY, "all", unread],
    queryFn: ({ pageParam, signal }) =>
      api.get<Notices>("/api/notifications", { cursor: pageParam, unread: unread || undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export const settingsQuery = queryOptions({
  queryKey: SETTINGS,
  queryFn: ({ signal }) => api.get<NoticeSettings>("/api/notifications/settings", {}, signal),
  staleTime: 10 * 60_000,
});

/** Marks notifications as read, in all tabs. */
export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (what: { ids: string[] } | { all: true }) => api.post("/api/notifications/read", what),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: KEY });
      announce({ type: "notification", data: {} });
    },
  });
}

/** Keeps choices; shown at once, and put back when the server refuses. */
export function useChangeSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: Changes) =>
      api.patch<NoticeSettings>("/api/notifications/settings", changes),
    onSuccess: (settings) => client.setQueryData(SETTINGS, settings),
    onError: () => client.invalidateQueries({ queryKey: SETTINGS }),
  });
}
