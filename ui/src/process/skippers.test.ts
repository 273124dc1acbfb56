import { expect, test } from "vitest";

import type { Skipper } from "./answer";
import { rowsBy } from "./skippers";

const person = (team: string, owner: string, met: number, skipped: number): Skipper => ({
  team: { id: team, label: team },
  owner: { id: owner, label: owner },
  met,
  met_won: 0,
  met_lost: 0,
  skipped,
  skipped_won: 0,
  skipped_lost: 0,
});

test("people of a team are added up, the most skipped first", () => {
  const rows = rowsBy([person("a", "x", 3, 1), person("b", "y", 0, 5), person("a", "z", 1, 3)], "team");

  expect(rows).toEqual([
    { id: "b", label: "b", skipped: 5, passed: 5, ratio: 1 },
    { id: "a", label: "a", skipped: 4, passed: 8, ratio: 0.5 },
  ]);
});

test("records without an owner are somebody's too", () => {
  expect(rowsBy([{ ...person("a", "x", 0, 2), owner: null }], "owner")).toEqual([
    { id: "", label: "", skipped: 2, passed: 2, ratio: 1 },
  ]);
});
