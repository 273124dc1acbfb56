import { api } from "@/api/client";
import { records } from "@/api/records";
import type { Row, Values } from "@/api/types";

import { type Entry, requestOf, rest, reworded, wanted } from "./entry";
import { put, replace } from "./store";

/** What became of an edit: it waits with what it edits; or that was sent meanwhile, and the edit follows it. */
export type Revision = "waits" | "follows";

/**
 * Makes of an entry what `next` makes of it, null to take it away. Where it was sent meanwhile, what `values` differ by
 * waits as a change to its record. Raises ApiError when the record that it became can't be learnt.
 */
export async function revise(entry: Entry, values: Values, next: (now: Entry) => Entry | null): Promise<Revision> {
  let waits = false;
  await replace(entry.key, (now) => {
    waits = true;
    return next(now);
  });
  if (waits) return "waits";
  const became = entry.record === null ? await outcomeOf(entry) : { ...entry.base, id: entry.record, version: entry.version };
  const change = following(entry, values, { ...became, ...wanted(entry) });
  if (change) await put(change);
  return "follows";
}

/** Puts a remark in other words, also where it may have been sent. Raises ApiError when it was not, and can't be changed. */
export async function rephrase(entry: Entry, text: string): Promise<Revision> {
  const now = await replace(entry.key, (one) => reworded(one, text));
  if (now?.remark?.body.text === text) return "waits";
  const { id = "", mentions = [] } = entry.remark?.body ?? {};
  await records.editComment(entry.object, entry.record ?? "", id, { text, mentions: [...mentions] });
  return "follows";
}

/** What is left to change of a record once an entry made it `row`; a change that is left out is taken back. */
export function following(entry: Entry, values: Values, row: Row): Entry | null {
  const sent = { ...entry, values: wanted(entry), revised: { ...entry.base, ...values } };
  const change = rest(sent, row);
  return change && { ...change, at: Date.now(), problem: null };
}

/** The record that a creation became: the server knows its key, and answers as it did at first. */
function outcomeOf(entry: Entry): Promise<Row> {
  const { method, path, body } = requestOf(entry);
  return api.request<Row>(method, path, { body, idempotencyKey: entry.key });
}
