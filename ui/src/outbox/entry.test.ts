import { describe, expect, it } from "vitest";

import { ApiError } from "@/api/client";
import type { Row } from "@/api/types";

import {
  conflictsOf,
  type Entry,
  isEditable,
  joined,
  judge,
  postponed,
  rebased,
  requestOf,
  rest,
  revised,
  reworded,
  wanted,
} from "./entry";
import { newKey } from "./key";

const CREATION: Entry = {
  key: "k1",
  user: "u",
  object: "thing",
  record: null,
  title: "甲",
  values: { name: "甲", by: { id: "7", label: "李" } },
  base: {},
  version: 0,
  tried: false,
  revised: null,
  at: 1,
  attempts: 0,
  dueAt: 0,
  problem: null,
};
const CHANGE: Entry = { ...CREATION, record: "r", values: { name: "乙" }, base: { name: "甲" }, version: 3 };
const failure = (status: number, code = "X") =>
  new ApiError({ type: "about:blank", title: "t", status, code, detail: "" });
const row = (values: object): Row => ({ id: "r", version: 4, ...values });

describe("an entry", () => {
  it("is asked for with ids instead of references, a change with its version", () => {
    expect(requestOf(CREATION)).toEqual({ method: "POST", path: "/api/records/thing", body: { name: "甲", by: "7" } });
    expect(requestOf(CHANGE)).toEqual({ method: "PATCH", path: "/api/records/thing/r", body: { name: "乙", version: 3 } });
  });

  it("that never left is simply edited", () => {
    expect(revised(CREATION, { name: "丙" })).toMatchObject({ key: "k1", values: { name: "丙" }, revised: null });
  });

  it("that may have arrived keeps what it was sent with, and sends the rest on as a change", () => {
    const edited = revised({ ...CREATION, tried: true }, { name: "丙", by: { id: "7", label: "李" } });
    expect(edited).toMatchObject({ key: "k1", values: CREATION.values, revised: { name: "丙" } });
    expect(rest(edited, row({ name: "甲", by: "7" }))).toMatchObject({
      record: "r",
      version: 4,
      values: { name: "丙" },
      base: { name: "甲" },
      tried: false,
      revised: null,
    });
    expect(rest({ ...CREATION, tried: true }, row({}))).toBeNull();
  });

  it("that was refused is asked for anew under another key", () => {
    const again = revised({ ...CREATION, tried: true, problem: failure(422).problem }, { name: "丙" });
    expect(again).toMatchObject({ values: { name: "丙" }, problem: null, tried: false });
    expect(again.key).not.toBe("k1");
  });

  it("takes further changes to its record, and remembers what was there first", () => {
    const both = joined(CHANGE, { name: "丁", city: "苏州" }, { name: "乙", city: "无锡" });
    expect(wanted(both)).toEqual({ name: "丁", city: "苏州" });
    expect(both.base).toEqual({ name: "甲", city: "无锡" });
  });

  it("goes on top of what others changed, unless it is the same field", () => {
    expect(rebased(CHANGE, row({ name: "甲", city: "常州" }))).toMatchObject({ version: 4, base: { name: "甲" } });
    expect(rebased(CHANGE, row({ name: "戊" }))).toBeNull();
    expect(conflictsOf(CHANGE, row({ name: "戊" }))).toEqual(["name"]);
    expect(conflictsOf(CHANGE, row({ name: "乙" }))).toEqual([]);
  });

  it("that is a remark is sent as it is, and reworded only while it can't have arrived", () => {
    const remark = { path: "/api/records/thing/r/comments", body: { id: "c", text: "好", mentions: [] } };
    const said: Entry = { ...CREATION, record: "r", values: {}, remark };
    expect(requestOf(said)).toEqual({ method: "POST", ...remark });
    expect(reworded(said, "很好").remark?.body.text).toBe("很好");
    const sent = { ...said, tried: true };
    expect([isEditable(sent), reworded(sent, "很好")]).toEqual([false, sent]);
    expect(isEditable({ ...sent, problem: failure(422).problem })).toBe(true);
  });

  it("is tried again later and later, at most every minute", () => {
    const waits = [0, 1, 2, 10].map((attempts) => postponed({ ...CHANGE, attempts }, 1_000).dueAt - 1_000);
    expect(waits).toEqual([1_000, 2_000, 4_000, 60_000]);
  });
});

describe("judge", () => {
  it("waits for the network, stops without a session, gives refusals back", () => {
    expect([0, 503, 429].map((status) => judge(failure(status), 0))).toEqual(["later", "later", "later"]);
    expect(judge(failure(401), 0)).toBe("halt");
    expect(judge(failure(403, "AUTH-004"), 0)).toBe("halt");
    expect([judge(failure(500), 0), judge(failure(500), 5)]).toEqual(["later", "refused"]);
    expect(judge(failure(409, "STALE-001"), 0)).toBe("stale");
    expect(judge(failure(422), 0)).toBe("refused");
  });
});

describe("newKey", () => {
  it("is a UUID of version 4, each time another", () => {
    expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newKey()).not.toBe(newKey());
  });
});

describe("a move", () => {
  const MOVE: Entry = { ...CHANGE, stage: "stage", values: { stage: "demo" }, base: { stage: "new" } };

  it("is asked for as one, and goes on top of other changes", () => {
    expect(requestOf(MOVE)).toEqual({ method: "POST", path: "/api/records/thing/r/move", body: { to: "demo", version: 3 } });
    expect(rebased(MOVE, row({ stage: "new", name: "丁" }))).toMatchObject({ version: 4, stage: "stage" });
    expect(rebased(MOVE, row({ stage: "lost" }))).toBeNull();
  });

  it("is only edited where a gate refused it", () => {
    const refused = (code: string) => ({ ...MOVE, problem: { type: "", title: "", status: 409, code, detail: "" } });
    expect([MOVE, refused("GATE-001"), refused("ACCESS-001")].map(isEditable)).toEqual([false, true, false]);
  });
});

describe("a file", () => {
  it("is sent as a form", () => {
    const content = new Blob(["x"]);
    const { path, body } = requestOf({ ...CHANGE, values: {}, file: { content, name: "图.png", kind: "photo" } });
    const form = body as FormData;
    expect(path).toBe("/api/files");
    expect(["object", "record", "kind"].map((name) => form.get(name))).toEqual(["thing", "r", "photo"]);
    expect((form.get("file") as File).name).toBe("图.png");
  });
});
