import { describe, expect, it } from "vitest";

import type { HistoryPlan, LogColumns, LogPreview } from "@/api/histories";

import { filledBy, firstChoice, isWhole, knownBy, logForm, meaningOf, withFields, withMeaning } from "./log";

const PLAN: HistoryPlan = {
  object: "job",
  key: "code",
  fields: { code: "concept:name", title: "concept:name", owner: "who" },
  stages: { Opened: "new" },
  steps: { Called: "call" },
};
const LOG: LogPreview = {
  traces: 2,
  events: 9,
  whole: true,
  since: null,
  until: null,
  unreadable: 0,
  fault: null,
  table: null,
  attributes: [],
  activities: [
    { name: "Opened", count: 4 },
    { name: "Called", count: 2 },
    { name: "Noise", count: 3 },
  ],
  sets: [],
  plans: [{ plan: PLAN, known: 6 }],
  saved: [],
};
const COLUMNS: LogColumns = { case: "no", activity: "what", at: "when", resource: "", transition: "", dates: "" };
const BEGUN = { columns: null, name: "", reason: "r" };
const SET = { name: "known", label: { zh: "", en: "" }, ready: true, adds: [], roles: [], meanings: {} };

describe("how a log becomes records", () => {
  it("begins with what knows most events, a set before a plan that knows as many", () => {
    expect(firstChoice(LOG, "r")).toEqual({ ...BEGUN, set: "", plan: PLAN });
    expect(firstChoice({ ...LOG, sets: [{ ...SET, known: 6 }] }, "r")).toEqual({ ...BEGUN, set: "known", plan: null });
    expect(firstChoice({ ...LOG, sets: [{ ...SET, known: 5 }] }, "r").plan).toBe(PLAN);
  });

  it("begins with the columns that a table seems to have, and sends them along", () => {
    const choice = firstChoice({ ...LOG, table: { columns: {}, chosen: COLUMNS } }, "r");
    expect([isWhole(COLUMNS), isWhole({ ...COLUMNS, at: "" })]).toEqual([true, false]);
    const form = logForm(new File([], "log.csv"), { ...choice, name: " weekly " }, true);
    expect(JSON.parse(String(form.get("columns")))).toEqual(COLUMNS);
    expect([form.get("save_as"), form.get("dry_run"), form.get("set")]).toEqual(["weekly", "true", null]);
  });

  it("gives an activity one meaning at a time", () => {
    const moved = withMeaning(PLAN, "Called", "stage:won");
    expect([moved.stages, moved.steps]).toEqual([{ Opened: "new", Called: "won" }, {}]);
    expect(meaningOf(moved, "Called")).toBe("stage:won");
    const none = withMeaning(moved, "Opened", undefined);
    expect(meaningOf(none, "Opened")).toBeUndefined();
    expect(knownBy(none, LOG)).toBe(2);
  });

  it("lets an attribute fill several fields, and lets go of a key that nothing fills", () => {
    expect(filledBy(PLAN, "concept:name")).toEqual(["code", "title"]);
    expect(withFields(PLAN, "who", ["owner", "title"]).fields).toEqual({
      code: "concept:name",
      owner: "who",
      title: "who",
    });
    expect(withFields(PLAN, "concept:name", ["title"]).key).toBe("");
  });
});
