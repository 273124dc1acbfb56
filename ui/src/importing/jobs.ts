import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Job } from "@/api/types";

const POLL_MS = 1_000;

export function isRunning(job: Job | undefined): boolean {
  return job === undefined || job.state === "queued" || job.state === "running";
}

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["jobs", id],
    queryFn: ({ signal }) => api.get<Job>(`/api/jobs/${id}`, {}, signal),
    staleTime: 0,
    refetchInterval: (query) => (isRunning(query.state.data) ? POLL_MS : false),
  });

export const jobsQuery = queryOptions({
  queryKey: ["jobs"],
  queryFn: async ({ signal }) => {
    const answer = await api.get<{ items: Job[] } | Job[]>("/api/jobs", {}, signal);
    return Array.isArray(answer) ? answer : answer.items;
  },
  staleTime: 0,
  refetchInterval: (query) => (query.state.data?.some(isRunning) ? 2 * POLL_MS : false),
});

/** How much of the job is done, 0–100. */
export function percentOf(job: Job): number {
  if (job.state === "done") return 100;
  return job.total ? Math.min(100, Math.round((job.done / job.total) * 100)) : 0;
}
