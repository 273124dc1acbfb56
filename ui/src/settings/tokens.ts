import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";

export type Scope = "read" | "write";

export interface Token {
  id: string;
  name: string;
  /** What it may do; null: all that its owner may. */
  scopes: Scope[] | null;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) => (await api.get<{ items: Token[] }>("/api/tokens", {}, signal)).items,
});

export const tokens = {
  make: (name: string, scopes: Scope[], expires: string | null) =>
    api.post<{ id: string; token: string }>("/api/tokens", { name, scopes, ...(expires ? { expires_at: expires } : {}) }),
  revoke: (id: string) => api.delete<undefined>(`/api/tokens/${id}`),
};

/** Whether a token has run out, or will within `days`. */
export function standing(token: Token, now: number, days = 14): "expired" | "ending" | "good" {
  if (!token.expires_at) return "good";
  const left = Date.parse(token.expires_at) - now;
  if (left <= 0) return "expired";
  return left < days * 86_400_000 ? "ending" : "good";
}
