import dayjs from "dayjs";
import { afterEach, describe, expect, test, vi } from "vitest";

import type { Row } from "@/api/types";

import { answerAll, bandOf, daysSince, toneOf, type Waiting } from "./loops";

test("whole days are counted from midnight to midnight", () => {
  const now = dayjs("2026-11-24T00:30:00");
  expect(daysSince("2026-11-24", now)).toBe(0);
  expect(daysSince("2026-11-23", now)).toBe(1);
  expect(daysSince("2026-10-24", now)).toBe(31);
  expect(daysSince("2026-11-30", now)).toBe(0);
  expect(daysSince(null, now)).toBe(0);
});

test("ages fall into bands, the last one open", () => {
  expect([0, 2, 3, 5, 6, 10, 11, 99].map((days) => bandOf(days, [2, 5, 10]))).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  expect([0, 1, 2, 3].map(toneOf)).toEqual(["green", "amber", "red", "red"]);
});

describe("answerAll", () => {
  const waiting = {
    object: { name: "concern", title: "subject", loop: { answer: "answer" }, fields: [] },
    pipeline: { field: "status" },
    open: { name: "open" },
    answered: { name: "answered" },
  } as unknown as Waiting;
  const row = (id: string): Row => ({ id, version: 1, subject: `顾虑${id}`, status: "open", answer: null });
  const ok = (id: string) => () => json(200, { ...row(id), version: 2 });
  const stale = (current: Row) => () => json(409, { code: "STALE-001", title: "", detail: "", current });
  const json = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  /** What was asked: of which record, and with what. */
  const asked: [string, unknown][] = [];

  /** Lets the server answer in turn. */
  function serve(...answers: (() => Response)[]): void {
    asked.length = 0;
    vi.stubGlobal("navigator", { onLine: true });
    vi.stubGlobal("fetch", async (path: string, { body }: { body: string }) => {
      asked.push([path.split("/").at(-1) ?? "", JSON.parse(body)]);
      return (answers.shift() ?? ok("x"))();
    });
  }

  afterEach(() => vi.unstubAllGlobals());

  test("a record that others changed meanwhile is answered as it is now", async () => {
    serve(stale({ ...row("1"), version: 5, subject: "改过" }), ok("1"));
    expect(await answerAll([{ waiting, rows: [row("1")] }], "已说明")).toEqual([]);
    expect(asked.at(-1)).toEqual(["1", { answer: "已说明", status: "answered", version: 5 }]);
  });

  test("what others answered meanwhile is left as it is; an answer that stands there is kept", async () => {
    serve(stale({ ...row("1"), version: 5, status: "answered", answer: "别人说明的" }));
    expect(await answerAll([{ waiting, rows: [row("1")] }], "已说明")).toEqual([]);
    expect(asked.length).toBe(1);
    serve(stale({ ...row("1"), version: 5, answer: "别人写的" }), ok("1"));
    expect(await answerAll([{ waiting, rows: [row("1")] }], "已说明")).toEqual([]);
    expect(asked.at(-1)).toEqual(["1", { answer: "别人写的", status: "answered", version: 5 }]);
  });

  test("one that is refused is handed back with the reason, and the others are answered", async () => {
    serve(ok("1"), () => json(403, { code: "ACCESS-001", title: "", detail: "no" }), ok("3"));
    const refused = await answerAll([{ waiting, rows: ["1", "2", "3"].map(row) }], "已说明");
    expect(refused.map(({ rows, error }) => [rows.map(({ id }) => id), error.code])).toEqual([[["2"], "ACCESS-001"]]);
    expect(asked.map(([id]) => id)).toEqual(["1", "2", "3"]);
    serve(ok("2"));
    expect(await answerAll(refused, "已说明")).toEqual([]);
    expect(asked.map(([id]) => id)).toEqual(["2"]);
  });
});
