import { describe, expect, it } from "vitest";

import type { ImportPlan, ImportPreview } from "@/api/importing";
import type { Field, ObjectDefinition } from "@/api/types";

import { claimedTwice, firstChoice, importForm, targetsOf, unmapped, withSaved } from "./plan";

const label = { zh: "", en: "" };
const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  type: "text",
  stored_type: "text",
  label,
  ...more,
});

const OBJECT: ObjectDefinition = {
  name: "thing",
  label,
  plural: label,
  title: "name",
  sensitive: [],
  file_kinds: [],
  sections: [],
  children: [],
  pipeline: null,
  fields: [
    field("name", { required: true }),
    field("code", { unique: true }),
    field("state", { required: true, default: '"new"' }),
    field("total", { derived: true, required: true }),
  ],
  can: {
    read: true,
    create: true,
    update: true,
    archive: true,
    import: true,
    export: true,
    bulk: true,
    merge: true,
    share: true,
    admit: false,
    assign: false,
    override_gate: false, view_log: false, hand_over: false,
  },
};
const PREVIEW: ImportPreview = {
  columns: [
    { name: "Name", samples: ["a"], suggested: "name" },
    { name: "Code", samples: ["1"], suggested: "code" },
    { name: "Other", samples: [""], suggested: null },
  ],
  rows: 2,
  sheet: null,
  encoding: "utf-8",
  saved_mappings: [],
};
const plan = (columns: Record<string, string | null>): ImportPlan => ({
  columns: Object.fromEntries(Object.entries(columns).map(([name, to]) => [name, targetsOf(to)])),
  key: "",
  compose: {},
  dates: "",
  clear_empty: false,
  entered: {},
});

describe("firstChoice", () => {
  it("takes the suggestions, and a mapped unique field as the key", () => {
    expect(firstChoice(PREVIEW, OBJECT).plan).toEqual({
      ...plan({ Name: "name", Code: "code", Other: null }),
      key: "code",
    });
  });
});

describe("withSaved", () => {
  it("lays a saved mapping over the suggestions", () => {
    const choice = withSaved(PREVIEW, OBJECT, { name: "erp", mapping: { Name: null, Gone: "x" }, key: null });
    expect(choice.plan.columns).toEqual({ Name: [], Code: targetsOf("code"), Other: [] });
    expect(choice.name).toBe("erp");
  });

  it("keeps the value maps and composed fields of a whole plan", () => {
    const columns = { Code: [{ field: "code", values: { GTXPro: "GTX Pro" }, lookup: "" }] };
    const kept: ImportPlan = { ...plan({}), columns, compose: { name: "{Code} {Other}" } };
    const choice = withSaved(PREVIEW, OBJECT, { name: "erp", mapping: { Code: "code" }, key: "code", plan: kept });
    expect(choice.plan.columns.Code).toEqual(columns.Code);
    expect(choice.plan.compose).toEqual({ name: "{Code} {Other}" });
  });
});

describe("withSaved of a plan that came with the app", () => {
  it("leaves out the columns that it leaves alone, and isn't kept once more", () => {
    const kept = plan({ Name: "name", Code: null, Other: null });
    const mapping = { Name: "name", Code: null, Other: null };
    const choice = withSaved(PREVIEW, OBJECT, { name: "CRM", mapping, key: "name", plan: kept, shipped: true });
    expect(choice).toEqual({ plan: { ...kept, key: "name" }, name: "", overrideReason: "" });
  });
});

describe("checks before an import", () => {
  it("names fields that two columns claim", () => {
    expect(claimedTwice(plan({ A: "name", B: "name", C: null, D: "code" }))).toEqual(["name"]);
  });

  it("names required fields that no column fills, but none with a default or that the system works out", () => {
    expect(unmapped(OBJECT, plan({ A: "code" })).map((one) => one.name)).toEqual(["name"]);
  });
});

describe("importForm", () => {
  it("sends the plan, leaving out composed fields without text", () => {
    const choice = { plan: { ...plan({ A: "code" }), compose: { name: " " } }, name: "", overrideReason: " old " };
    const form = importForm(new File(["x"], "a.csv"), choice, true);
    expect(JSON.parse(String(form.get("mapping")))).toEqual({ ...plan({ A: "code" }) });
    expect(form.get("dry_run")).toBe("true");
    expect(form.get("override_reason")).toBe("old");
    expect(form.has("save_as")).toBe(false);
  });
});
