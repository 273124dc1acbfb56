import { describe, expect, it } from "vitest";

import type { Field } from "@/api/types";

import { isLocked, isVisible } from "./condition";

const when = (visible_when: string): Field => ({
  name: "note",
  type: "text",
  stored_type: "text",
  label: { zh: "", en: "" },
  visible_when,
});

describe("isLocked", () => {
  const locked = (locked_when?: string): Field => ({ ...when(""), locked_when });

  it("locks when the condition holds, and never when the page can't tell", () => {
    expect(isLocked(locked('stage == "won"'), { stage: "won" })).toBe(true);
    expect(isLocked(locked('stage == "won"'), { stage: "lost" })).toBe(false);
    expect(isLocked(locked("today() > close_on"), {})).toBe(false);
    expect(isLocked(locked(), {})).toBe(false);
  });
});

describe("isVisible", () => {
  it("answers plain comparisons", () => {
    expect(isVisible(when('stage == "lost"'), { stage: "lost" })).toBe(true);
    expect(isVisible(when('stage == "lost"'), { stage: "won" })).toBe(false);
    expect(isVisible(when('not (stage in ["won", "lost"])'), { stage: "won" })).toBe(false);
    expect(isVisible(when('stage not in ["won"] and done'), { stage: "x", done: true })).toBe(true);
    expect(isVisible(when("account == null or done"), { account: null, done: false })).toBe(true);
    expect(isVisible(when("数量 != 3"), { 数量: 3 })).toBe(false);
  });

  it("takes a boolean that is not set for false", () => {
    expect(isVisible(when("done"), {})).toBe(false);
    expect(isVisible(when("not done"), {})).toBe(true);
  });

  it("shows the field when the condition says more than the page can answer", () => {
    expect(isVisible(when('contacts.exists(c, c.role == "x")'), {})).toBe(true);
    expect(isVisible(when("today() > close_on"), {})).toBe(true);
    expect(isVisible(when("amount >"), {})).toBe(true);
  });
});
