import { queryOptions } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Label, Notice, Reason, Ref, Row } from "@/api/types";
import type { Amounts } from "@/format/amounts";

export type Whose = "mine" | "all";

export interface Blockers {
  /** The next stage. */
  to: string;
  unmet: { name: string; label: Label; hint: Label; hard: boolean }[];
}

export interface ListAnswer {
  items: Row[];
  /** Counted as far as `more` is false. */
  count: number;
  more: boolean;
  /** By the record's id, for panels that show them. */
  blockers?: Record<string, Blockers>;
}

export interface FigureAnswer {
  value: number | null;
  /** Of money also in each currency; then `value` is null where there are several. */
  by_currency?: Amounts | null;
  count: number;
  /** Newer ones are being worked out. */
  renewing?: boolean;
}

export interface Group {
  /** A date stands for its month. */
  key: string | boolean | null;
  /** The name of the record that the key is. */
  label: string | null;
  count: number;
  value: number | null;
  by_currency?: Amounts | null;
}

export interface TimerItem {
  object: string;
  id: string;
  title: string | null;
  owner: Ref | null;
  key: string;
  due_at: string;
  /** What happens then. */
  label: Label | null;
}

export interface OverrideItem {
  at: string;
  by: Ref | null;
  id: string;
  title: string | null;
  from: string | null;
  /** Null of a scan. */
  to: string | null;
  reason: string;
  hard: string[];
  soft: string[];
  /** A scan without a signature that somebody answered for. */
  vouched?: boolean;
}

/** Exceptions of one person, into one stage or without one deliverable. */
export interface ExceptionGroup {
  /** Null: of nobody, into no stage. */
  key: string | null;
  /** The name of the person. */
  label?: string | null;
  count: number;
}

/** By what exceptions are counted. */
export type By = "person" | "stage" | "deliverable";

export interface OverridesAnswer {
  /** Of how many `items` are the newest. */
  count: number;
  /** Older ones were not counted. */
  more: boolean;
  items: OverrideItem[];
  /** The greatest first. An exception counts once for every deliverable it went without. */
  tallies: Record<By, ExceptionGroup[]>;
  /** What the deliverables are called. */
  labels: Record<string, Label>;
}

/** A record that soon falls into its pool. */
export interface FallingItem {
  object: string;
  id: string;
  title: string;
  owner: Ref;
  falls_at: string;
  idle_from: string;
}

export interface Failed {
  error: Reason;
}

/** What a panel shows, by its kind; or why it can't. */
export interface Answers {
  list: ListAnswer;
  figure: FigureAnswer;
  chart: { groups: Group[]; renewing?: boolean };
  timers: { items: TimerItem[] };
  notices: { items: Notice[]; unread: number };
  overrides: OverridesAnswer;
  falling: { items: FallingItem[]; count: number };
}

export interface HomeAnswer {
  at: string;
  whose: Whose;
  person: string;
  team: string | null;
  panels: Record<string, Answers[keyof Answers] | Failed>;
}

export function isFailed(answer: object): answer is Failed {
  return "error" in answer;
}

export const HOME = ["home"] as const;
const RENEWED_MS = 2_000;

function isRenewing(home: HomeAnswer): boolean {
  return Object.values(home.panels).some((answer) => "renewing" in answer && answer.renewing);
}

/** All panels in one answer. */
export const homeQuery = (whose: Whose | undefined) =>
  queryOptions({
    queryKey: [...HOME, whose ?? ""],
    queryFn: ({ signal }) => api.get<HomeAnswer>("/api/home", { whose }, signal),
    refetchInterval: ({ state }) => (state.data && isRenewing(state.data) ? RENEWED_MS : false),
  });

/** One panel with far more of its records, for paper. */
export function wholePanel(name: string, whose: Whose): Promise<HomeAnswer> {
  return api.get<HomeAnswer>("/api/home", { whose, panels: name, limit: 200 });
}
