import { expect, test } from "vitest";

import type { Tuned } from "@/api/scores";

import { differences, shown, stored } from "./tuned";

const TUNED: Tuned = { red: 40, green: 70, calibrate: true, signals: { calls: { weight: 3, bad: 0, good: 4 } } };

test("counts the numbers that differ", () => {
  expect(differences(TUNED, TUNED)).toBe(0);
  expect(differences(TUNED, { ...TUNED, red: 45, signals: { calls: { weight: 2, bad: 0, good: 5 } } })).toBe(3);
});

test("edits ratios in per cent without loss", () => {
  expect(shown(0.07, "ratio")).toBe(7);
  expect(stored(shown(0.285, "ratio"), "ratio")).toBe(0.285);
  expect([shown(45, "days"), stored(45, "days")]).toEqual([45, 45]);
});
