import { describe, expect, it } from "vitest";

import type { ObjectDefinition, Row } from "@/api/types";

import { requestOf, undoOf } from "./bulk";

const OBJECT = {
  fields: [{ name: "owner", type: "user", stored_type: "user", label: { zh: "", en: "" } }],
} as unknown as ObjectDefinition;
const row = (id: string, values: object): Row => ({ id, version: 1, ...values });
const ROWS = [
  row("1", { owner: { id: "a", label: "A" }, stage: "demo", note: null }),
  row("2", { owner: null, stage: "proposal", note: "x" }),
  row("3", { owner: null, stage: "demo", note: "y" }),
];
const IDS = ["1", "2", "3", "4"];
const report = (...refused: string[]) => ({ done: 0, refused: refused.map((id) => ({ id, errors: [] })) });

describe("undoOf", () => {
  it("gives every record that was changed its own values back", () => {
    const work = { changes: { owner: { id: "b", label: "B" }, note: "z" } };
    expect(requestOf(OBJECT, ["1"], work)).toEqual({ ids: ["1"], changes: { owner: "b", note: "z" } });
    expect(undoOf(OBJECT, ROWS, IDS, work, report("3"), "stage")).toEqual([
      {
        items: [
          { id: "1", changes: { owner: "a", note: null } },
          { id: "2", changes: { owner: null, note: "x" } },
        ],
      },
    ]);
  });

  it("moves records back to where each of them was", () => {
    expect(undoOf(OBJECT, ROWS, IDS, { move: { to: "demo" } }, report(), "stage")).toEqual([
      { ids: ["2"], move: { to: "proposal" } },
    ]);
  });

  it("restores what was archived, and does nothing where nothing was done", () => {
    expect(undoOf(OBJECT, ROWS, IDS, { archive: true }, report("1"), "stage")).toEqual([
      { ids: ["2", "3", "4"], restore: true },
    ]);
    expect(undoOf(OBJECT, ROWS, ["1"], { archive: true }, report("1"), "stage")).toEqual([]);
  });
});
