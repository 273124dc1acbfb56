import { describe, expect, it } from "vitest";

import type { PanelDefinition } from "@/api/home";
import type { Field } from "@/api/types";

import { drill, groupCondition } from "./drill";

const label = { zh: "", en: "" };
const panel: PanelDefinition = {
  name: "late",
  label,
  kind: "list",
  whose: "home",
  limit: 6,
  wide: false,
  warn: false,
  empty: null,
  object: "job",
  view: "",
  filter: "",
};
const field = (stored_type: Field["stored_type"]): Field => ({ name: "f", type: stored_type, stored_type, label });

describe("drill", () => {
  it("leads to the view of the panel, and to one's own records of it", () => {
    expect(drill({ ...panel, view: "job_late" }, "all")).toEqual({ view: "job_late" });
    expect(drill({ ...panel, view: "job_late" }, "mine")).toEqual({ view: "job_late", filter: "owner == me" });
  });

  it("keeps the panel's own condition whole beside others", () => {
    expect(drill({ ...panel, filter: 'a == "x and y"', whose: "all" }, "mine")).toEqual({
      view: "all",
      filter: 'a == "x and y"',
    });
    expect(drill({ ...panel, filter: "a or b", whose: "mine" }, "all", 'f in ["x"]')).toEqual({
      view: "all",
      filter: '(a or b) and owner == me and f in ["x"]',
    });
  });
});

describe("groupCondition", () => {
  it("says each kind of key in the words of the filter builder", () => {
    expect(groupCondition(field("select"), 'a"b')).toBe('f in ["a\\"b"]');
    expect(groupCondition(field("user"), "id")).toBe('f == "id"');
    expect(groupCondition(field("reference"), null)).toBe("f == null");
    expect(groupCondition(field("boolean"), true)).toBe("f == true");
    expect(groupCondition(field("boolean"), null)).toBe("f != true");
  });

  it("takes a date for its month", () => {
    expect(groupCondition(field("date"), "2026-11-01")).toBe(
      'f >= date("2026-11-01") and f < add_months(date("2026-11-01"), 1)',
    );
  });
});
