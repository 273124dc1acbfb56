/** The home as the catalog describes it. */

import type { Label } from "./types";

export type PanelKind = "list" | "figure" | "chart" | "timers" | "notices" | "overrides" | "falling";

/** A panel of the viewer's home. Those of notices and timers are about no object. */
export interface PanelDefinition {
  name: string;
  label: Label;
  kind: PanelKind;
  /** Among the viewer's own records, all within reach, or as the home as a whole. */
  whose: "mine" | "all" | "home";
  limit: number;
  wide: boolean;
  /** A figure above zero is bad news. */
  warn: boolean;
  empty: Label | null;
  object?: string;
  view?: string;
  /** The panel's own condition, beside that of its view. */
  filter?: string;
  sort?: string;
  columns?: string[];
  by?: string;
  function?: "count" | "sum" | "avg" | "min" | "max";
  field?: string;
  shape?: "bar" | "column" | "funnel";
  /** A boolean field that a tick sets. */
  tick?: string;
  blockers?: boolean;
  /** The list has a page of its own: grouped by these fields, with further columns, and a field that is summed up. */
  sections?: string[];
  details?: string[];
  total?: string;
}

/** The viewer's home: about their own records, about all within reach, or as they choose. */
export interface HomeDefinition {
  of: "mine" | "all" | "choice";
  panels: PanelDefinition[];
}
