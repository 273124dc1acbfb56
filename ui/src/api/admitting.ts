import { api } from "./client";

/** How a person logs in. */
export interface LogInState {
  username: string;
  active: boolean;
  password_at: string | null;
  sessions: number;
  seen_at: string | null;
  tokens: number;
  /** Until when a link that was made is good. */
  link_until: string | null;
}

const one = (user: string) => `/api/people/${user}/log-in`;

export const admitting = {
  state: (user: string, signal?: AbortSignal) => api.get<LogInState>(one(user), {}, signal),
  link: (user: string) => api.post<{ path: string; expires_at: string }>(`${one(user)}/link`, {}),
  endSessions: (user: string) => api.delete<{ ended: number }>(`${one(user)}/sessions`),
  whose: (token: string) => api.post<{ name: string; locale: "zh-CN" | "en" }>("/api/auth/link", { token }),
  setPassword: (token: string, password: string) =>
    api.post<undefined>("/api/auth/link/password", { token, password }),
};

export const admittingKey = (user: string) => ["people", user, "log-in"] as const;
