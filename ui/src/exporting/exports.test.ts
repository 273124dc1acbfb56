import { describe, expect, it } from "vitest";

import { countOf, fileAddress } from "./exports";

const LIST = { object: "thing", view: "mine", filter: 'a == "1"', format: "xlsx", fields: ["name", "total"] } as const;

describe("an export", () => {
  it("of a short list is one address", () => {
    expect(fileAddress({ ...LIST, fields: [...LIST.fields] })).toBe(
      "/api/records/thing/export?view=mine&filter=a+%3D%3D+%221%22&format=xlsx&fields=name%2Ctotal",
    );
  });

  it("leaves the columns out for all of them", () => {
    expect(fileAddress({ object: "thing", format: "csv", fields: [] })).toBe("/api/records/thing/export?format=csv");
  });

  it("isn't counted where only the export can tell", async () => {
    expect(await countOf({ ...LIST, fields: [], q: "abc" })).toBeNull();
    expect(await countOf({ ...LIST, fields: [], archived: true })).toBeNull();
  });
});
