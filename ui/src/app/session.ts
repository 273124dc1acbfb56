import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Session } from "@/api/types";
import { countDaysIn } from "@/format/today";
import { forgetPlace } from "@/live/stream";
import { forgetRecent } from "@/palette/recent";
import { forgetUndo } from "@/records/undo";

import { forgetReads } from "./worker";

export const sessionQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const session = await api.get<Session>("/api/me", {}, signal);
    api.trust(session.csrf_token);
    countDaysIn(session.user.time_zone);
    return session;
  },
  staleTime: Infinity,
  retry: false,
});

/** The signed-in viewer. Only used below the shell, which is not shown without one. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error("useSession without a session");
  return data;
}

export function useLogin(): (username: string, password: string) => Promise<Session> {
  const client = useQueryClient();
  return async (username, password) => {
    const { csrf_token } = await api.post<Session>("/api/auth/login", { username, password });
    api.trust(csrf_token);
    forgetPlace();
    client.clear();
    return client.fetchQuery(sessionQuery);
  };
}

/** Logs out and lets `leave` lead away; what was read is forgotten once nothing shows it any more. */
export function useLogout(): (leave: () => Promise<void>) => Promise<void> {
  const client = useQueryClient();
  return async (leave) => {
    await api.post("/api/auth/logout", {});
    forgetUndo();
    forgetReads();
    forgetRecent();
    forgetPlace();
    await leave();
    client.clear();
  };
}
