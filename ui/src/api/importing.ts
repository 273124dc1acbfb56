/** The shapes of an import: what a file holds, and how its rows become records. */

export interface ImportColumn {
  name: string;
  samples: string[];
  suggested: string | null;
}

/** Where the cells of a column go: `values` stand for cells before they are read. */
export interface ImportTarget {
  field: string;
  values: Record<string, string>;
  lookup: string;
}

export type DateOrder = "" | "mdy" | "dmy";

/** How the rows of a file become records, as the server takes it. A column may feed several fields; the page edits the first. */
export interface ImportPlan {
  columns: Record<string, ImportTarget[]>;
  key: string;
  /** Field → text in which `{column}` stands for a cell. */
  compose: Record<string, string>;
  dates: DateOrder;
  clear_empty: boolean;
  /** Stage → the column that says when a record came into it. */
  entered: Record<string, string>;
}

export interface SavedMapping {
  name: string;
  mapping: Record<string, string | null>;
  key?: string | null;
  /** The whole plan, where the server keeps more than the simple mapping. */
  plan?: ImportPlan;
  /** It came with the app, for files of a known system. */
  shipped?: boolean;
}

export interface ImportPreview {
  columns: ImportColumn[];
  rows: number;
  sheet: string | null;
  encoding: string | null;
  saved_mappings: SavedMapping[];
}
