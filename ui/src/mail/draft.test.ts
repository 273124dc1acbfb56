import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Draft } from "./draft";
import type { Mail } from "./mails";

const MAIL = {
  id: "m",
  version: 1,
  status: "draft",
  to: "zhou@example.com",
  cc: null,
  subject: "方案",
  body: "您好",
  kind: null,
  tracked: true,
  files: [],
} as unknown as Mail;
const DEFINITION = { object: "email", fields: { to: "recipients", files: "attachments" } };
const PLACE = "chengdan.typed/u/email/m/letter";
const ONE = { id: "f1", name: "一.pdf", size: 1, mime: "application/pdf" };
const TWO = { ...ONE, id: "f2", name: "二.pdf" };

/** What the server was asked, and what it does: answers with these, else refuses as `down` says. */
let asked: { method: string; path: string; body: unknown }[];
let answers: (() => Response)[];
let store: Map<string, string>;

const answer = (status: number, body: unknown) => () =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const saved = (version: number) => answer(200, { id: "m", version });
const stale = answer(409, { code: "STALE-001", title: "", detail: "", current: { id: "m", version: 7 } });
const lost = (): Response => {
  throw new TypeError("no network");
};
const draft = (mail = MAIL) => new Draft(mail, DEFINITION, PLACE);

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answers = [];
  store = new Map();
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => store.get(name) ?? null,
    setItem: (name: string, value: string) => void store.set(name, value),
    removeItem: (name: string) => void store.delete(name),
  });
  vi.stubGlobal("fetch", async (path: string, { method, body }: { method: string; body?: string }) => {
    asked.push({ method, path, body: body ? JSON.parse(body) : undefined });
    return (answers.shift() ?? lost)();
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a draft", () => {
  it("is kept a moment after the last change, under the names of the object's fields", async () => {
    const one = draft();
    const leave = one.attend();
    answers = [saved(2)];
    one.change({ to: "li@example.com" });
    one.change({ body: "早上好" });
    expect([one.now().isKept, store.has(PLACE)]).toEqual([false, true]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(asked).toEqual([
      { method: "PATCH", path: "/api/records/email/m", body: { recipients: "li@example.com", body: "早上好", version: 1 } },
    ]);
    expect([one.now().isKept, store.has(PLACE)]).toEqual([true, false]);
    leave();
  });

  it("that could not be kept is tried again by itself, and at once when the network is back", async () => {
    const one = draft();
    const leave = one.attend();
    answers = [lost, lost, saved(2)];
    one.change({ body: "早上好" });
    await vi.advanceTimersByTimeAsync(1_500);
    expect([asked.length, one.now().isKept, one.now().failure !== null]).toEqual([1, false, true]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.length).toBe(2);
    window.dispatchEvent(new Event("online"));
    await vi.advanceTimersByTimeAsync(1);
    expect([asked.length, one.now().isKept, one.now().failure]).toEqual([3, true, null]);
    leave();
  });

  it("that was changed elsewhere is written on top of that, and sent as it is on screen", async () => {
    const one = draft();
    one.change({ body: "早上好" });
    answers = [stale, answer(200, { ...MAIL, version: 7, subject: "别处改的" }), saved(8)];
    await one.keep();
    expect(asked.at(-1)?.body).toEqual({ body: "早上好", subject: "方案", version: 7 });
    answers = [stale, answer(200, { ...MAIL, version: 9, body: "早上好" }), answer(200, MAIL)];
    await one.send("a");
    expect(asked.at(-1)).toEqual({ method: "POST", path: "/api/mail/mails/m/send", body: { version: 9, account: "a" } });
  });

  it("that was sent elsewhere is not written over", async () => {
    const one = draft();
    one.change({ body: "早上好" });
    answers = [stale, answer(200, { ...MAIL, version: 7, status: "queued" })];
    await expect(one.keep()).rejects.toMatchObject({ code: "STALE-001" });
    expect(asked.length).toBe(2);
  });

  it("raises what went wrong, and is back when it is opened again in this browser", async () => {
    const one = draft();
    one.change({ body: "早上好" });
    await expect(one.keep()).rejects.toMatchObject({ code: "NETWORK" });
    const again = draft();
    expect([again.recovered, again.now().words.body, again.now().isKept]).toEqual([true, "早上好", false]);
    expect(draft({ ...MAIL, body: "早上好" }).recovered).toBe(false);
    answers = [saved(2)];
    await again.keep();
    expect([store.has(PLACE), draft().recovered]).toEqual([false, false]);
  });

  it("holds every file that was added meanwhile", async () => {
    const one = draft();
    answers = [saved(2), saved(3)];
    one.change((now) => ({ files: [...now.files, ONE] }));
    const first = one.keep();
    one.change((now) => ({ files: [...now.files, TWO] }));
    await Promise.all([first, one.keep()]);
    expect(asked.at(-1)?.body).toMatchObject({ attachments: ["f1", "f2"] });
    expect(one.now().isKept).toBe(true);
  });

  it("that is sent or thrown away is not kept any more", async () => {
    const one = draft();
    const leave = one.attend();
    one.change({ body: "早上好" });
    answers = [answer(200, MAIL)];
    await one.discard();
    leave();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.map(({ method }) => method)).toEqual(["DELETE"]);
    expect(store.has(PLACE)).toBe(false);
  });
});
