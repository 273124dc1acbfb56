import { describe, expect, it } from "vitest";

import type { Catalog, ObjectDefinition } from "@/api/types";

import { groupObjects } from "./groups";

const object = (name: string, more: Partial<ObjectDefinition> = {}) =>
  ({ name, can: { read: true }, fields: [], children: [], pipeline: null, ...more }) as unknown as ObjectDefinition;
const child = (name: string) => ({ name: `${name}s`, label: { zh: name, en: name }, object: name, field: "of" });
const owner = { name: "owner", system: true, object: "user" } as ObjectDefinition["fields"][number];

const CATALOG = {
  objects: {
    deal: object("deal", { pipeline: "sales", children: [child("call")], fields: [owner] }),
    call: object("call"),
    draw: object("draw", { listed: false }),
    tool: object("tool", { listed: true }),
    secret: object("secret", { can: { read: false } as ObjectDefinition["can"] }),
    letter: object("letter"),
    user: object("user"),
  },
  mail: { object: "letter" },
} as unknown as Catalog;
const names = (all = false) =>
  groupObjects(CATALOG, all).map((group) => [group.name, ...group.objects.map((one) => one.name)]);

describe("groupObjects", () => {
  it("leaves out what is reached from other records only, what is hidden and what has a page of its own", () => {
    expect(names()).toEqual([
      ["work", "deal", "call"],
      ["reference", "tool"],
      ["organisation", "user"],
    ]);
  });

  it("has what is not listed where all are asked for", () => {
    expect(names(true)[1]).toEqual(["reference", "draw", "tool"]);
  });
});
