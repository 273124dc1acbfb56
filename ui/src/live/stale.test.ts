import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";

import type { Catalog } from "@/api/types";

import { staleBy } from "./stale";
import type { LiveEvent } from "./stream";

const CATALOG = {
  mail: { object: "email", fields: {}, people: [] },
  pools: [{ name: "pool", label: { zh: "", en: "" }, object: "account" }],
} as unknown as Catalog;
const CONFLICT = { object: "account", record: { id: "a" }, other: { id: "b" } };
const GATE = { stages: [{ deliverables: [{ object: "contact" }] }] };

/** What the page has read, by a name for each. */
const READ: Record<string, [readonly unknown[], unknown]> = {
  "accounts": [["records", "account", "list", {}], {}],
  "sums": [["records", "account", "sums", {}], {}],
  "account a": [["records", "account", "one", "a"], {}],
  "timeline of a": [["records", "account", "one", "a", "timeline"], {}],
  "account b": [["records", "account", "one", "b"], {}],
  "gate of a": [["records", "account", "one", "a", "gate"], GATE],
  "mails": [["records", "email", "list", {}], {}],
  "threads": [["records", "email", "mail", "threads"], {}],
  "pools": [["records", "pools"], {}],
  "pool": [["records", "pools", "pool", {}], {}],
  "conflicts": [["records", "conflicts", "open", ""], { pages: [{ items: [CONFLICT] }] }],
  "no conflicts": [["records", "conflicts", "ignored", ""], { pages: [{ items: [] }] }],
  "jobs": [["jobs"], {}],
  "notifications": [["notifications", "unread"], {}],
};

/** The names of what an event makes stale. */
async function spoilt(event: LiveEvent): Promise<string[]> {
  const client = new QueryClient();
  for (const [key, data] of Object.values(READ)) client.setQueryData(key, data);
  await Promise.all([...staleBy(event, CATALOG).values()].map((filters) => client.invalidateQueries(filters)));
  return Object.keys(READ).filter((name) => client.getQueryState(READ[name]?.[0] ?? [])?.isInvalidated);
}

const changed = (object: string, id: string | null, kind = "record.updated"): LiveEvent => ({
  type: "record",
  data: { object, id, kind },
});

describe("a live event", () => {
  it("that stands for all that was missed makes everything stale that it may have told of", async () => {
    const rest = Object.keys(READ).filter((name) => name !== "jobs");
    expect(await spoilt({ type: "snapshot", data: { version: 1 } })).toEqual(rest);
  });

  it("makes the record and its lists stale, and no other record", async () => {
    expect(await spoilt(changed("contact", "c"))).toEqual(["gate of a"]);
    expect(await spoilt(changed("account", "c"))).toEqual(["accounts", "sums", "pools", "pool"]);
    expect(await spoilt({ type: "job", data: {} })).toEqual(["jobs"]);
  });

  it("of more records than are named makes all of their object stale", async () => {
    const all = ["accounts", "sums", "account a", "timeline of a", "account b", "gate of a", "pools", "pool", "conflicts"];
    expect(await spoilt(changed("account", null, "many"))).toEqual(all);
  });

  it("about a mail makes the mail page stale, and the timelines where its fate is told", async () => {
    expect(await spoilt(changed("email", "m"))).toEqual(["mails", "threads"]);
    for (const event of [changed("email", "m", "mail.opened"), changed("email", null, "many")]) {
      expect(await spoilt(event)).toEqual(["timeline of a", "mails", "threads"]);
    }
  });

  it("about a record in conflict makes the conflicts stale that show it, news of conflicts all of them", async () => {
    expect(await spoilt(changed("account", "b"))).toContain("conflicts");
    expect(await spoilt(changed("account", "b"))).not.toContain("no conflicts");
    expect(await spoilt(changed("account", "c", "conflict.found"))).toContain("no conflicts");
    expect(await spoilt(changed("contact", "a"))).toEqual(["gate of a"]);
  });
});
