/** Scores: how records stand, and what a score is made of. */

import type { Label } from "./types";

export const COLORS = ["red", "amber", "green"] as const;
export type Color = (typeof COLORS)[number];
export type Counts = Record<Color, number>;

/** A score as the catalog describes it. */
export interface ScoreDefinition {
  name: string;
  label: Label;
  help: Label | null;
  object: string;
  color_field: string;
  red: number;
  green: number;
  can_tune: boolean;
}

export interface Reason {
  metric: string;
  /** Points of 100 that it cost, or gave. */
  points: number;
  words: Label;
}

export interface SignalStanding {
  metric: string;
  label: Label;
  help: Label | null;
  /** Its share of all weights, 0–1. */
  weight: number;
  figure: number | null;
  /** How good the figure is, 0–1; null while it is unknown. */
  points: number | null;
  words: Label | null;
}

export interface Standing {
  score: string;
  value: number | null;
  color: Color | null;
  /** The share of signals that is known, 0–1. */
  known: number;
  confidence?: "high" | "medium" | "low";
  at?: string;
  reasons: Reason[];
  signals: SignalStanding[];
  trend: { day: string; value: number | null; color: Color | null }[];
  calibrated?: boolean;
  won?: number;
  lost?: number;
  /** Of past records of this colour, how many were lost. */
  rate?: { lost: number; cases: number } | null;
  days?: number | null;
}

export interface Tally {
  key: string | null;
  label: string | null;
  now: Counts;
  before: Counts;
  risen: number;
  fallen: number;
}

export interface Change {
  id: string;
  title: string | null;
  owner: { id: string; label: string | null } | null;
  value: number | null;
  color: Color;
  value_before: number | null;
  color_before: Color;
  reasons: Reason[];
}

export interface Board extends Omit<Tally, "key" | "label"> {
  score: string;
  object: string;
  at: string | null;
  compared: string | null;
  groups: Tally[];
  changes: Change[];
}

export interface SignalDefinition {
  metric: string;
  label: Label;
  help: Label | null;
  unit: string;
  weight: number;
  bad: number;
  good: number;
  /** The weight in use, once history has spoken. */
  used: number;
  evidence: { auc: number; won: number; lost: number; enough: boolean } | null;
}

export interface ScoreInFull {
  score: string;
  label: Label;
  version: number;
  red: number;
  green: number;
  calibrate: boolean;
  computed_at: string | null;
  /** Published, and not worked out for all records yet. */
  behind: boolean;
  calibrated_at: string | null;
  won: number;
  lost: number;
  colors: Partial<Record<Color, { lost: number; cases: number }>>;
  days: number | null;
  signals: SignalDefinition[];
  versions: { version: number; at: string; by: string | null; note: string }[];
}

export interface Tuned {
  signals: Record<string, { weight: number; bad: number; good: number }>;
  red: number;
  green: number;
  calibrate: boolean;
}

type Shade = Color | "none";

export interface Preview {
  records: number;
  before: Partial<Record<Shade, number>>;
  after: Partial<Record<Shade, number>>;
  turned: number;
  moved: { from: Shade; to: Shade; records: number }[];
  weights: Record<string, number>;
  who: {
    id: string;
    title: string | null;
    owner: { id: string; label: string | null } | null;
    color_before: Color | null;
    value_before: number | null;
    color: Color | null;
    value: number | null;
  }[];
}
