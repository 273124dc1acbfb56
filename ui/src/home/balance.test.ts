import { describe, expect, it } from "vitest";

import type { PanelDefinition } from "@/api/home";

import { balanced } from "./balance";

const panel = (name: string, wide = false) => ({ name, wide }) as PanelDefinition;
const names = (panels: PanelDefinition[]) => panels.map((one) => one.name).join("");

describe("balanced", () => {
  it("leaves columns that are even alone", () => {
    const found = balanced([panel("A", true), panel("b"), panel("c")], (one) => (one.wide ? 400 : 200));
    expect([names(found.wide), names(found.pairs), names(found.narrow)]).toEqual(["A", "", "bc"]);
  });

  it("puts the last narrow ones two abreast below the wide ones until both are about as high", () => {
    const panels = [panel("A", true), ..."bcdefg".split("").map((name) => panel(name))];
    const found = balanced(panels, () => 200);
    expect([names(found.wide), names(found.pairs), names(found.narrow)]).toEqual(["A", "defg", "bc"]);
  });

  it("keeps the first narrow ones where they are, and moves none without a wide one", () => {
    const alone = balanced([panel("b"), panel("c"), panel("d")], () => 200);
    expect([names(alone.pairs), names(alone.narrow)]).toEqual(["", "bcd"]);
  });
});
