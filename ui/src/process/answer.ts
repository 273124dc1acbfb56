import { queryOptions } from "@tanstack/react-query";
import dayjs from "dayjs";

import { api } from "@/api/client";
import type { Ref } from "@/api/types";

import { instantOf, startOfDay, today } from "@/format/today";
import type { ProcessSearch } from "./search";

export interface Interval {
  value: number;
  low: number;
  high: number;
}

export interface Spread {
  median_seconds: number | null;
  p90_seconds: number | null;
}

export interface StageFigures extends Spread {
  name: string;
  entered: number;
  ended: number;
  forward: number;
  lost: number;
  back: number;
  open: number;
  again: number;
  jumped: number;
  conversion: Interval | null;
}

export interface Flow extends Spread {
  from: string;
  to: string;
  count: number;
  bounced: number;
}

export interface StepFigures extends Spread {
  name: string;
  stage: string;
  met: number;
  skipped: number;
  skipped_ratio: number | null;
  done: number;
  redone: number;
  undone: number;
}

export interface Report {
  since: string;
  until: string;
  outcome: { won: number; lost: number; rate: Interval | null } & Spread;
  stages: StageFigures[];
  flow: Flow[];
  steps: StepFigures[];
}

export interface Edge {
  from: string;
  to: string;
  count: number;
  median_seconds: number | null;
}

export interface Side extends Partial<Spread> {
  count: number;
  won: number;
  rate: Interval | null;
}

export interface Driver {
  name: string;
  stage: string;
  hard: boolean;
  before: number | null;
  after: number | null;
  effect: number;
  share: number | null;
  with: Interval | null;
  without: Interval | null;
}

export interface Change {
  /** The stage whose conversion it is; empty: the win rate. */
  stage: string;
  before: Side;
  after: Side;
  change: Interval | null;
  certain: boolean;
  drivers: Driver[];
}

export interface Comparison {
  before: { since: string; until: string };
  after: { since: string; until: string };
  outcome: Change;
  stages: Change[];
  headline: string | null;
}

export interface Skipper {
  team: Ref | null;
  owner: Ref | null;
  met: number;
  met_won: number;
  met_lost: number;
  skipped: number;
  skipped_won: number;
  skipped_lost: number;
}

export interface Skipping {
  name: string;
  stage: string;
  hard: boolean;
  people: Skipper[];
  with: Side;
  without: Side;
  difference: Interval | null;
  sure: boolean;
  alike: { fields: string[]; difference: Interval | null; compared: number; left_out: number };
}

export interface Behind {
  id: string;
  title: string | null;
  owner: Ref | null;
  stage: string;
  at: string;
  seconds: number | null;
}

export interface RecordsBehind {
  object: string;
  total: number;
  items: Behind[];
}

export interface Preview {
  hard: boolean;
  blocked: number;
  won: number;
  lost: number;
  open: { looked_at: number; lacking: Behind[]; more: boolean };
}

/** A figure to open: what is counted, of which stage, towards which, of which deliverable. */
export interface Figure {
  measure: string;
  stage?: string;
  to?: string;
  step?: string;
}

export const FORMATS = ["xes", "ocel"] as const;
export type Format = (typeof FORMATS)[number];

export const DEFAULT_DAYS = 90;
export const SPANS = [30, 90, 180, 365] as const;

export interface Sample {
  since: string;
  until: string;
  filter?: string;
}

/** The period in instants: whole days of the viewer, up to the end of today or of the last day named. */
export function sampleOf(search: ProcessSearch, now: dayjs.Dayjs = dayjs()): Sample {
  const until = (search.until ? dayjs(search.until).startOf("day") : today(now)).add(1, "day");
  const since = search.since ? dayjs(search.since).startOf("day") : until.subtract(search.days ?? DEFAULT_DAYS, "day");
  const [first, end] = [instantOf(since).toISOString(), instantOf(until).toISOString()];
  return { since: first, until: end, ...(search.filter ? { filter: search.filter } : {}) };
}

export interface Earlier {
  before_since?: string;
  before_until?: string;
}

/** The earlier period that was chosen, in whole days; nothing: the one just before. */
export function earlierOf(search: ProcessSearch): Earlier {
  if (!search.beforeSince || !search.beforeUntil) return {};
  return {
    before_since: startOfDay(search.beforeSince).toISOString(),
    before_until: instantOf(dayjs(search.beforeUntil).startOf("day").add(1, "day")).toISOString(),
  };
}

const ask = <T>(pipeline: string, what: string, query: Record<string, string | boolean | undefined>) =>
  queryOptions({
    queryKey: ["process", pipeline, what, query],
    queryFn: ({ signal }) => api.get<T>(`/api/process/${pipeline}/${what}`, query, signal),
    staleTime: 60_000,
  });

export const reportQuery = (pipeline: string, sample: Sample) => ask<Report>(pipeline, "report", { ...sample });
export const mapQuery = (pipeline: string, sample: Sample, substeps: boolean) =>
  ask<{ edges: Edge[] }>(pipeline, "map", { ...sample, substeps });
export const comparisonQuery = (pipeline: string, sample: Sample, earlier: Earlier = {}) =>
  ask<Comparison>(pipeline, "comparison", { ...sample, ...earlier });
export const stepQuery = (pipeline: string, sample: Sample, step: string) =>
  ask<Skipping>(pipeline, `steps/${step}`, { ...sample });
export const previewQuery = (pipeline: string, sample: Sample, step: string) =>
  ask<Preview>(pipeline, `steps/${step}/hard`, { ...sample });
export const recordsQuery = (pipeline: string, sample: Sample, figure: Figure) =>
  ask<RecordsBehind>(pipeline, "records", { ...sample, ...figure });

export const setHardness = (pipeline: string, step: string, hard: boolean) =>
  api.post<{ version: number }>(`/api/process/${pipeline}/steps/${step}/hard`, { hard });
export const startExport = (pipeline: string, sample: Sample, format: Format) =>
  api.post<{ job: string }>(`/api/process/${pipeline}/export`, { format, ...sample });
