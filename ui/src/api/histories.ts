/** The shapes of an event log that is brought in: what it holds, and how its traces become records. */

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

export interface LogPreview {
  traces: number;
  events: number;
  /** Whether all of the log was looked at. */
  whole: boolean;
  since: string | null;
  until: string | null;
  attributes: { name: string; samples: string[] }[];
  activities: { name: string; count: number }[];
  sets: HistorySet[];
  plans: { plan: HistoryPlan; known: number }[];
}
