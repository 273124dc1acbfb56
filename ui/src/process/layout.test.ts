import { expect, test } from "vitest";

import type { Pipeline } from "@/api/types";

import { frequent, placed, slowness } from "./layout";

const edge = (from: string, to: string, count: number, median_seconds: number | null = null) => ({
  from,
  to,
  count,
  median_seconds,
});
const label = { zh: "", en: "" };
const step = { name: "talked", kind: "checklist" as const, label, hard: true };
const pipeline: Pipeline = {
  name: "course",
  label,
  object: "job",
  field: "stage",
  stages: [
    { name: "idea", label, kind: "open", entry: [], exit: [step] },
    { name: "done", label, kind: "won", entry: [], exit: [] },
    { name: "dropped", label, kind: "lost", entry: [], exit: [] },
  ],
};

test("the share of paths keeps the most frequent ones", () => {
  const edges = [edge("a", "b", 5), edge("b", "c", 80), edge("c", "d", 15)];

  expect(frequent(edges, 0.8).map((one) => one.to)).toEqual(["c"]);
  expect(frequent(edges, 0.81).map((one) => one.to)).toEqual(["c", "d"]);
  expect(frequent(edges, 0).map((one) => one.to)).toEqual(["c"]);
  expect(frequent(edges, 1)).toHaveLength(3);
});

test("stages stand in their order, sub-steps below, lost ones at the end", () => {
  const places = placed(pipeline, [edge("", "idea", 3), edge("idea", "talked", 2), edge("talked", "done", 2), edge("idea", "dropped", 1)]);
  const at = Object.fromEntries(places.map((place) => [place.name, place]));

  expect(places.map((place) => place.name)).toEqual(["", "idea", "talked", "done", "dropped"]);
  expect(at.talked?.x).toBe(at.idea?.x);
  expect(at.dropped && at.talked && at.dropped.y > at.talked.y).toBe(true);
  expect(at.done?.count).toBe(2);
});

test("the slowest edge is 1, the fastest 0", () => {
  const edges = [edge("a", "b", 1, 0), edge("b", "c", 1, 99), edge("c", "d", 1, 9)];

  expect(edges.map((one) => slowness(one, edges))).toEqual([0, 1, 0.5]);
  expect(slowness(edge("", "a", 9), edges)).toBeNull();
});
