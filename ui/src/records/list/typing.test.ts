import { describe, expect, it } from "vitest";

import { arrived, startTyping, toSend, type Typing } from "./typing";

const typed = (now: Typing, text: string): Typing => ({ ...now, text });
const handedOn = (now: Typing): Typing => ({ ...now, sent: [...now.sent, toSend(now) ?? ""] });

describe("a search box", () => {
  it("keeps the blank at the end of what is typed when the rest comes back", () => {
    const now = arrived(handedOn(typed(startTyping(""), "acme ")), "acme");
    expect(now).toEqual({ text: "acme ", known: "acme", sent: [] });
    expect(toSend(now)).toBeNull();
  });

  it("is not set back by what was sent before", () => {
    let now = handedOn(typed(startTyping(""), "ac"));
    now = handedOn(typed(now, "acme"));
    now = typed(now, "acme c");
    expect(arrived(now, "ac").text).toBe("acme c");
    expect(arrived(arrived(now, "ac"), "acme")).toEqual({ text: "acme c", known: "acme", sent: [] });
    expect(arrived(now, "acme").sent).toEqual([]);
  });

  it("takes over what comes from outside", () => {
    const now = arrived(handedOn(typed(startTyping(""), "acme")), "acme");
    expect(arrived(typed(now, "acme c"), "")).toEqual(startTyping(""));
  });

  it("hands on each text once", () => {
    const now = typed(startTyping("acme"), "acme corp");
    expect(toSend(now)).toBe("acme corp");
    expect(toSend(handedOn(now))).toBeNull();
    expect(toSend(typed(handedOn(now), "acme"))).toBe("acme");
  });
});
