import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Deliverable, Label, Row } from "@/api/types";

export interface AuditOverview {
  name: string;
  label: Label;
  /** Percent. */
  share: number;
  /** Days. */
  every: number;
  strata: Label[];
  bonus: string;
  draws: Row[];
}

export interface Stratum {
  values: string[];
  /** Drawn together with others that are too small. */
  pooled: boolean;
  size: number;
  drawn: number;
}

export interface DrawCheck {
  holds: boolean;
  population: number;
  drawn: number;
  missing: string[];
  extra: string[];
  misassigned: string[];
  seed_holds: boolean | null;
}

export interface Verdict {
  id: string;
  name: string;
  deliverable: string;
  stage: string;
  weight: number;
  /** The record had it when it was drawn. */
  shown: boolean;
  verdict: string | null;
  note: string | null;
  contested: boolean | null;
  ask: Label | null;
  item: Deliverable | null;
}

export interface ReviewAnswer {
  review: Row;
  verdicts: Verdict[];
  can: { judge: boolean; accept: boolean; appeal: boolean };
}

export interface Statement {
  person: string;
  label: string;
  reviews: number;
  score: number | null;
  lowest: number | null;
  upheld: number;
  amount: number | null;
  items: { id: string; name: string; score: number | null; first_score: number | null; final_at: string }[];
}

const base = (audit: string) => `/api/audits/${audit}`;

export const AUDITS = ["audits"] as const;

export const audits = {
  verdict: (audit: string, id: string, changes: { verdict?: string | null; note?: string | null }) =>
    api.patch<unknown>(`${base(audit)}/verdicts/${id}`, changes),
  submit: (audit: string, id: string, remark: string) =>
    api.post<unknown>(`${base(audit)}/reviews/${id}/submit`, { remark }),
  accept: (audit: string, id: string) => api.post<unknown>(`${base(audit)}/reviews/${id}/accept`, {}),
  appeal: (audit: string, id: string, reason: string, contested: string[]) =>
    api.post<unknown>(`${base(audit)}/reviews/${id}/appeal`, { reason, contested }),
  check: (audit: string, id: string) => api.get<DrawCheck>(`${base(audit)}/draws/${id}/check`),
  exportUrl: (audit: string, id: string) => `${base(audit)}/draws/${id}/export`,
};

export const overviewQuery = queryOptions({
  queryKey: [...AUDITS, "overview"],
  queryFn: ({ signal }) => api.get<{ items: AuditOverview[] }>("/api/audits", {}, signal),
});

export const strataQuery = (audit: string, draw: string) =>
  queryOptions({
    queryKey: [...AUDITS, "strata", draw],
    queryFn: ({ signal }) => api.get<{ items: Stratum[] }>(`${base(audit)}/draws/${draw}/strata`, {}, signal),
    staleTime: Infinity,
  });

export const reviewQuery = (audit: string, id: string) =>
  queryOptions({
    queryKey: [...AUDITS, "review", id],
    queryFn: ({ signal }) => api.get<ReviewAnswer>(`${base(audit)}/reviews/${id}`, {}, signal),
  });

export const bonusQuery = (audit: string, quarter: string) =>
  queryOptions({
    queryKey: [...AUDITS, "bonus", quarter],
    queryFn: ({ signal }) =>
      api.get<{ quarter: string; items: Statement[] }>(`${base(audit)}/bonus`, { quarter }, signal),
  });

/** The quarter of a day, and those before it, the newest first. */
export function quartersUpTo(day: Date, count: number): string[] {
  const last = day.getFullYear() * 4 + Math.floor(day.getMonth() / 3);
  return Array.from({ length: count }, (_, index) => {
    const at = last - index;
    return `${Math.floor(at / 4)}-Q${(at % 4) + 1}`;
  });
}
