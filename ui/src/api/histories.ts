/** The shapes of an event log that is brought in: what it holds, and how its traces become records. */

import type { DateOrder } from "./importing";
import type { Label } from "./types";

/** A trace becomes a record of `object`: `fields` by attribute, `stages` and `steps` by activity. */
export interface HistoryPlan {
  object: string;
  key: string;
  /** Field → attribute. */
  fields: Record<string, string>;
  /** Activity → stage. */
  stages: Record<string, string>;
  /** Activity → sub-step. */
  steps: Record<string, string>;
}

/** What an activity means by a set. */
export interface Meaning {
  kind: "stage" | "step";
  object: Label;
  label: Label;
}

export interface HistorySet {
  name: string;
  label: Label;
  /** How many events of the log it knows. */
  known: number;
  /** Whether its definitions are in force. */
  ready: boolean;
  adds: Label[];
  roles: Label[];
  meanings: Record<string, Meaning>;
}

export type LogPart = "case" | "activity" | "at" | "resource" | "transition";

/** Which columns of a table tell of events; empty: none. `dates` says what 03/04/2026 means. */
export type LogColumns = Record<LogPart, string> & { dates: DateOrder };

/** How a log was read before, kept under a name. */
export interface SavedHistory {
  name: string;
  plan: HistoryPlan;
  columns: LogColumns;
}

export interface LogPreview {
  traces: number;
  events: number;
  /** Whether all of the log was looked at. */
  whole: boolean;
  since: string | null;
  until: string | null;
  /** Traces that can't come in since a row of theirs can't be read, and what is wrong with the first. */
  unreadable: number;
  fault: Label | null;
  /** Of a log in a table: its columns with a few of their values, and which of them tell of events. */
  table: { columns: Record<string, string[]>; chosen: LogColumns } | null;
  attributes: { name: string; samples: string[] }[];
  activities: { name: string; count: number }[];
  sets: HistorySet[];
  plans: { plan: HistoryPlan; known: number }[];
  saved: SavedHistory[];
}
