import { describe, expect, it } from "vitest";

import type { Field, ImportPreview, ObjectDefinition } from "@/api/types";

import { claimedTwice, firstChoice, unmapped, withSaved } from "./plan";

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
  sections: [],
  children: [],
  pipeline: null,
  fields: [
    field("name", { required: true }),
    field("code", { unique: true }),
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
    override_gate: false,
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

describe("firstChoice", () => {
  it("takes the suggestions, and a mapped unique field as the key", () => {
    const choice = firstChoice(PREVIEW, OBJECT);
    expect(choice.mapping).toEqual({ Name: "name", Code: "code", Other: null });
    expect(choice.key).toBe("code");
  });
});

describe("withSaved", () => {
  it("lays a saved mapping over the suggestions", () => {
    const choice = withSaved(PREVIEW, OBJECT, { name: "erp", mapping: { Name: null, Gone: "x" }, key: null });
    expect(choice.mapping).toEqual({ Name: null, Code: "code", Other: null });
    expect(choice.name).toBe("erp");
  });
});

describe("checks before an import", () => {
  it("names fields that two columns claim", () => {
    expect(claimedTwice({ A: "name", B: "name", C: null, D: "code" })).toEqual(["name"]);
  });

  it("names required fields that no column fills, but none that the system works out", () => {
    expect(unmapped(OBJECT, { A: "code" }).map((one) => one.name)).toEqual(["name"]);
  });
});
