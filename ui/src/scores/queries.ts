import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Board, Preview, ScoreInFull, Standing, Tuned } from "@/api/scores";
import type { Catalog } from "@/api/types";

const POLL_MS = 1500;

export const boardQuery = (score: string, group: string) =>
  queryOptions({
    queryKey: ["score", score, "board", group],
    queryFn: ({ signal }) => api.get<Board>(`/api/scores/${score}`, { group }, signal),
  });

export const standingQuery = (score: string, id: string) =>
  queryOptions({
    queryKey: ["score", score, "record", id],
    queryFn: ({ signal }) => api.get<Standing>(`/api/scores/${score}/records/${id}`, {}, signal),
  });

/** A score in full; asked again for as long as it has not been worked out anew. */
export const definitionQuery = (score: string) =>
  queryOptions({
    queryKey: ["score", score, "definition"],
    queryFn: ({ signal }) => api.get<ScoreInFull>(`/api/scores/${score}/definition`, {}, signal),
    refetchInterval: ({ state }) => (state.data?.behind ? POLL_MS : false),
  });

export const previewQuery = (score: string, tuned: Tuned) =>
  queryOptions({
    queryKey: ["score", score, "preview", tuned],
    queryFn: () => api.post<Preview>(`/api/scores/${score}/preview`, tuned),
    placeholderData: (before: Preview | undefined) => before,
    retry: false,
  });

export function publishTuned(score: string, tuned: Tuned, version: number, note: string): Promise<{ version: number }> {
  return api.post(`/api/scores/${score}/publish`, { ...tuned, version, note });
}

export function restoreScore(score: string, to: number, version: number, note: string): Promise<{ version: number }> {
  return api.post(`/api/scores/${score}/restore`, { to, version, note });
}

export function recomputeScore(score: string): Promise<{ job: string }> {
  return api.post(`/api/scores/${score}/recompute`, {});
}

/** The score of that name, if the viewer may see it. */
export function scoreOf(catalog: Catalog, name: string) {
  return catalog.scores.find((score) => score.name === name) ?? null;
}
