import { describe, expect, it } from "vitest";

import type { Field, User } from "@/api/types";

import { defaultsOf } from "./defaults";

const VIEWER: User = {
  id: "7",
  name: "李伟",
  username: "rep",
  roles: [],
  locale: "zh-CN",
  time_zone: "Asia/Shanghai",
  team: null,
};
const field = (name: string, value?: string): Field => ({
  name,
  type: "text",
  stored_type: "text",
  label: { zh: "", en: "" },
  default: value,
});

describe("defaultsOf", () => {
  it("works out plain defaults and leaves the rest to the server", () => {
    const fields = [
      field("status", '"open"'),
      field("count", "3"),
      field("done", "false"),
      field("by", "me"),
      field("due_on", "today() + 2d"),
      field("name"),
    ];
    expect(defaultsOf(fields, VIEWER)).toEqual({
      status: "open",
      count: 3,
      done: false,
      by: { id: "7", label: "李伟" },
    });
  });

  it("gives today as a calendar day", () => {
    expect(defaultsOf([field("on", "today()")], VIEWER).on).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});
