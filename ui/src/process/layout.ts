import type { Pipeline } from "@/api/types";

import type { Edge } from "./answer";

export interface Place {
  name: string;
  x: number;
  y: number;
  /** How often it was come to. */
  count: number;
  substep: boolean;
}

export const START = "";
const COLUMN = 172;
const ROW = 84;
/** How wide a node is drawn, and the one that all begins with. */
export const WIDTH = 126;
const START_WIDTH = 60;

/** The most frequent edges that make up this share of all that was followed; at least one. */
export function frequent(edges: readonly Edge[], share: number): Edge[] {
  const total = edges.reduce((sum, edge) => sum + edge.count, 0);
  const sorted = [...edges].sort((a, b) => b.count - a.count);
  let reached = 0;
  return sorted.filter((edge, index) => {
    const wanted = index === 0 || reached < share * total;
    reached += edge.count;
    return wanted;
  });
}

/** Stages stand in their order from left to right, lost ones below the end, sub-steps below the stage that asks for them. */
export function placed(pipeline: Pipeline, edges: readonly Edge[]): Place[] {
  const came = new Map<string, number>();
  for (const edge of edges) {
    came.set(edge.to, (came.get(edge.to) ?? 0) + edge.count);
    if (!came.has(edge.from)) came.set(edge.from, 0);
  }
  const places: Place[] = [{ name: START, x: 0, y: 0, count: 0, substep: false }];
  const open = pipeline.stages.filter((stage) => stage.kind !== "lost");
  open.forEach((stage, column) => {
    const x = xOf(column);
    if (came.has(stage.name)) places.push({ name: stage.name, x, y: 0, count: came.get(stage.name) ?? 0, substep: false });
    [...stage.entry, ...stage.exit]
      .filter((step) => came.has(step.name))
      .forEach((step, row) => {
        places.push({ name: step.name, x, y: (row + 1) * ROW + 20, count: came.get(step.name) ?? 0, substep: true });
      });
  });
  const lowest = Math.max(...places.map((place) => place.y));
  pipeline.stages
    .filter((stage) => stage.kind === "lost")
    .forEach((stage, row) => {
      const y = lowest + (row + 1.6) * ROW;
      const x = xOf(open.length - 1);
      if (came.has(stage.name)) places.push({ name: stage.name, x, y, count: came.get(stage.name) ?? 0, substep: false });
      stage.entry
        .filter((step) => came.has(step.name))
        .forEach((step, at) => {
          places.push({ name: step.name, x: x - (at + 1) * COLUMN, y, count: came.get(step.name) ?? 0, substep: true });
        });
    });
  return places;
}

/** Where the nodes of a column begin. */
function xOf(column: number): number {
  return START_WIDTH - WIDTH + (column + 1) * COLUMN;
}

/** 0 for the fastest to 1 for the slowest, by the logarithm of the time between; null for a beginning, which takes none. */
export function slowness(edge: Edge, edges: readonly Edge[]): number | null {
  if (edge.from === START) return null;
  const known = edges.filter((one) => one.from !== START).map((one) => Math.log1p(one.median_seconds ?? 0));
  const least = Math.min(...known);
  const most = Math.max(...known);
  return most > least ? (Math.log1p(edge.median_seconds ?? 0) - least) / (most - least) : 0;
}
