import { describe, expect, it } from "vitest";

import type { NoticeSettings } from "./notices";
import { isWithin, minuteOf, popsUp } from "./toast";

const LABEL = { zh: "", en: "" };
const setting = (kind: string, urgent: boolean, toast: boolean) => ({ kind, label: LABEL, urgent, toast, in_app: true, chat: true, digest: true });
const SETTINGS: NoticeSettings = {
  items: [setting("loud", true, true), setting("off", true, false), setting("wanted", false, true), setting("calm", false, false)],
  quiet: null,
  digest: null,
  email: null,
  mail: false,
};
const NOON = 720;

describe("popsUp", () => {
  it("follows what the viewer chose, and what is urgent where nothing is known", () => {
    const shown = (kind: string, urgent: boolean) => popsUp({ kind, urgent }, SETTINGS, NOON);
    expect([shown("loud", true), shown("loud", false), shown("off", true)]).toEqual([true, false, false]);
    expect([shown("wanted", false), shown("calm", false)]).toEqual([true, false]);
    expect([popsUp({ kind: "new", urgent: true }, undefined, NOON), shown("new", false)]).toEqual([true, false]);
  });

  it("leaves quiet hours alone, also past midnight", () => {
    const quiet = { ...SETTINGS, quiet: { from: 22 * 60, to: 8 * 60 } };
    expect([23 * 60, 60, NOON].map((minute) => popsUp({ kind: "loud", urgent: true }, quiet, minute))).toEqual([
      false,
      false,
      true,
    ]);
    expect(isWithin({ from: 60, to: 120 }, 120)).toBe(false);
  });
});

describe("minuteOf", () => {
  it("reads the clock where the viewer is", () => {
    expect(minuteOf(new Date("2026-03-01T16:30:00Z"), "Asia/Shanghai")).toBe(30);
  });
});
