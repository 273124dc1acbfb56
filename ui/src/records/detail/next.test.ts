import { describe, expect, it } from "vitest";

import type { DeliverableState, GateOverview, Pipeline, StageState } from "@/api/types";

import { nextStepOf } from "./next";

const LABEL = { zh: "", en: "" };
const item = (name: string, met: boolean, hard = true): DeliverableState => ({
  name,
  kind: "field",
  label: LABEL,
  hard,
  met,
});
const pipeline: Pipeline = {
  name: "p",
  label: LABEL,
  object: "o",
  field: "stage",
  stages: [
    { name: "a", label: LABEL, kind: "open", entry: [item("late", false)], exit: [item("x", false), item("y", false)] },
    { name: "b", label: LABEL, kind: "won", entry: [item("z", false)], exit: [item("not yet", false)] },
  ],
};
const state = (name: string, deliverables: DeliverableState[]): StageState => ({
  name,
  label: LABEL,
  kind: "open",
  state: "current",
  overridden: false,
  deliverables,
});
const gate = (first: DeliverableState[], second: DeliverableState[], next: string | null = "b"): GateOverview => ({
  pipeline: "p",
  stage: "a",
  stages: [state("a", first), state("b", second)],
  next,
});

describe("nextStepOf", () => {
  it("is the first hard deliverable that lacks, on leaving before on entering", () => {
    const found = nextStepOf(gate([item("x", true), item("y", false), item("late", false)], [item("z", false)]), pipeline);
    expect(found).toMatchObject({ kind: "meet", stage: "a", left: 2, to: "b" });
    expect(found?.kind === "meet" && found.item.name).toBe("y");
  });

  it("is the move once only soft ones lack", () => {
    const standing = gate([item("x", true), item("y", false, false)], [item("z", true), item("not yet", false)]);
    expect(nextStepOf(standing, pipeline)).toEqual({ kind: "go", to: "b", soft: 1 });
  });

  it("is nothing at the end of the way", () => {
    expect(nextStepOf(gate([], [], null), pipeline)).toBeNull();
  });
});
