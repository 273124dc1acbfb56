import { describe, expect, it } from "vitest";

import type { Field, ObjectDefinition } from "@/api/types";

import { prefillOf } from "./prefill";

const LABEL = { zh: "", en: "" };
const field = (name: string, object: string, more: Partial<Field> = {}): Field => ({
  name,
  type: "reference",
  stored_type: "reference",
  label: LABEL,
  object,
  ...more,
});
const object = (fields: Field[]) => ({ title: "name", fields }) as ObjectDefinition;

describe("prefillOf", () => {
  it("points to the parent and to what both point to by the same name", () => {
    const parent = object([field("account", "account"), field("contact", "contact"), field("team", "team")]);
    const child = object([
      field("deal", "deal"),
      field("account", "account"),
      field("contact", "person"),
      field("team", "team", { system: true }),
    ]);
    const row = { id: "1", version: 1, name: "甲", account: { id: "7", label: "乙" }, contact: "8", team: "9" };
    expect(prefillOf(parent, row, { name: "x", label: LABEL, object: "o", field: "deal" }, child)).toEqual({
      deal: { id: "1", label: "甲" },
      account: { id: "7", label: "乙" },
    });
  });
});
