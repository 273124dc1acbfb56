import { queryOptions } from "@tanstack/react-query";

import { api } from "./client";
import type { Reason, Ref, ViewKind } from "./types";

export type Density = "compact" | "normal" | "comfortable";
export type Shared = "none" | "team" | "everyone";

/** How somebody looks at an object's records: what a saved view keeps. */
export interface Look {
  kind: ViewKind;
  filter: string;
  sort: string;
  columns: string[];
  board_field: string;
  limits: Record<string, number>;
  strict_limits: boolean;
  start_field: string;
  end_field: string;
  duration_field: string;
  done_field: string;
  group_by: string;
  density: Density | "";
  widths: Record<string, number>;
}

export interface SavedView {
  id: string;
  object: string;
  name: string;
  mine: boolean;
  owner: Ref;
  shared: Shared;
  editable: boolean;
  version: number;
  definition: Look;
  /** What in it can't be used now; the path is the member of the definition. */
  problems: Reason[];
}

interface Listed {
  items: SavedView[];
  /** Object → the view that its page starts with. */
  defaults: Record<string, string>;
}

export interface ExpressionFault extends Reason {
  offset: number;
  text: string;
  suggestion: string | null;
}

export const savedViews = {
  create: (view: Pick<SavedView, "object" | "name" | "definition" | "shared">) => api.post<SavedView>("/api/views", view),
  change: (id: string, version: number, changes: Partial<Pick<SavedView, "name" | "definition" | "shared">>) =>
    api.patch<SavedView>(`/api/views/${id}`, { version, ...changes }),
  remove: (id: string) => api.delete<undefined>(`/api/views/${id}`),
  chooseDefault: (object: string, view: string) => api.post<undefined>("/api/views/default", { object, view }),
};

/** The saved views of an object that the viewer may use, and which one it starts with. */
export const savedViewsQuery = (object: string) =>
  queryOptions({
    queryKey: ["views", object],
    queryFn: ({ signal }) => api.get<Listed>("/api/views", { object }, signal),
    staleTime: 60_000,
  });

/** What is wrong with a filter's text, nothing when it can be used. */
export const checkFilter = (object: string, text: string) =>
  api.post<{ ok: boolean; errors: ExpressionFault[] }>("/api/expressions/check", { object, text });
