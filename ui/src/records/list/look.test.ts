import { describe, expect, it } from "vitest";

import { bothOf } from "../query";
import { filterSearch, lookOf, sameLook } from "./look";
import type { Look } from "@/api/views";

const LOOK: Look = {
  kind: "list",
  filter: "owner == me",
  sort: "-amount",
  columns: ["amount", "stage"],
  board_field: "",
  limits: {},
  strict_limits: false,
  start_field: "",
  end_field: "",
  duration_field: "",
  done_field: "",
  group_by: "stage",
  density: "",
  widths: { amount: 100 },
};

describe("lookOf", () => {
  it("takes the view's own setting where neither address nor device says otherwise", () => {
    expect(lookOf(LOOK, {}, {})).toEqual(LOOK);
  });

  it("puts the address above the device, and the device above the view", () => {
    const kept = { columns: ["name"], density: "compact" as const, widths: { stage: 90 } };
    const look = lookOf(LOOK, { columns: "a,b", group: "", filter: "x > 1 or y" }, kept);
    expect(look.columns).toEqual(["a", "b"]);
    expect(look.density).toBe("compact");
    expect(look.group_by).toBe("");
    expect(look.widths).toEqual({ amount: 100, stage: 90 });
    expect(look.filter).toBe("owner == me and (x > 1 or y)");
    expect(lookOf(LOOK, { where: "" }, {}).filter).toBe("");
    expect(sameLook(look, LOOK)).toBe(false);
  });

  it("knows looks that show the same", () => {
    expect(sameLook(LOOK, { ...LOOK, density: "normal" })).toBe(true);
    expect(sameLook(LOOK, { ...LOOK, sort: "amount" })).toBe(false);
  });
});

describe("filterSearch", () => {
  it("keeps what only comes on top apart from what replaces the view's filter", () => {
    for (const view of ["owner == me", "a > 1 or b", 'name == "x or y" and c']) {
      for (const extra of ["amount > 5", "(a > 1 or b) and c", "a or b", '(a) and (b == "(")']) {
        const wanted = bothOf(view, extra) ?? "";
        const found = filterSearch(view, wanted);
        expect(found.where).toBeUndefined();
        expect(bothOf(view, found.filter)).toBe(wanted);
      }
    }
    expect(filterSearch("owner == me", "owner == me")).toEqual({ filter: undefined, where: undefined });
    expect(filterSearch("", "a > 1")).toEqual({ filter: "a > 1", where: undefined });
    expect(filterSearch("owner == me", "")).toEqual({ filter: undefined, where: "" });
    expect(filterSearch("owner == me", "owner != me")).toEqual({ filter: undefined, where: "owner != me" });
    expect(filterSearch("owner == me", "owner == me or a")).toEqual({ filter: undefined, where: "owner == me or a" });
  });
});
