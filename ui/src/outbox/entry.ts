import type { ApiError } from "@/api/client";
import { fileForm } from "@/api/records";
import type { Problem, Row, Values } from "@/api/types";
import { bareValues, sameValue } from "@/fields/wire";

import { newKey } from "./key";

/** Something said about a record, with an id of its own by which the server knows it again. */
export interface Remark {
  path: string;
  body: { id: string; text: string; mentions: readonly string[] };
}

/** A file to be put under a record. */
export interface KeptFile {
  content: Blob;
  name: string;
  kind: string;
}

/** Something written that the server hasn't confirmed: a creation, changes to a record, a move, a file or a remark. */
export interface Entry {
  /** The Idempotency-Key that it is sent under, however often. */
  key: string;
  user: string;
  object: string;
  /** The record that is changed; null for a creation. */
  record: string | null;
  title: string;
  /** As a form holds them: references with their labels. What is sent under `key` never changes once it was tried. */
  values: Values;
  remark?: Remark;
  /** For a move: the field whose value is the stage that it goes to. */
  stage?: string;
  file?: KeptFile;
  /** For changes: the values before, and the version that they were read at. */
  base: Values;
  version: number;
  /** It may have reached the server. */
  tried: boolean;
  /** Values edited after a try: sent on as a change once the first answer is known. */
  revised: Values | null;
  at: number;
  attempts: number;
  dueAt: number;
  /** Why the server refused it; it then waits for its author. */
  problem: Problem | null;
}

export type Outcome = "later" | "halt" | "stale" | "refused";

const MAX_WAIT_MS = 60_000;
const PATIENCE = 5;
const UNREACHABLE = [0, 408, 425, 429, 502, 503, 504];

/** Whether the server could not be reached, so that nobody knows what became of the request. */
export function isUnreachable(error: ApiError): boolean {
  return UNREACHABLE.includes(error.status);
}

/** What to do about an entry that was not confirmed. */
export function judge(error: ApiError, attempts: number): Outcome {
  if (isUnreachable(error)) return "later";
  if (error.status === 401 || error.code === "AUTH-004") return "halt";
  if (error.status >= 500) return attempts < PATIENCE ? "later" : "refused";
  return error.code.startsWith("STALE-") ? "stale" : "refused";
}

/** The same entry, to be tried again after a while that doubles each time. */
export function postponed(entry: Entry, now: number): Entry {
  const wait = Math.min(1_000 * 2 ** entry.attempts, MAX_WAIT_MS);
  return { ...entry, tried: true, attempts: entry.attempts + 1, dueAt: now + wait };
}

/** The values that its author wants in the end. */
export function wanted(entry: Entry): Values {
  return entry.revised ?? entry.values;
}

/** The entry with other values: at once when it was never tried or was refused, else after the first answer. */
export function revised(entry: Entry, values: Values): Entry {
  if (entry.tried && !entry.problem) return { ...entry, revised: values };
  const key = entry.problem ? newKey() : entry.key;
  return { ...entry, key, values, revised: null, problem: null, tried: false, attempts: 0, dueAt: 0 };
}

/** Whether it is changes to a record's fields and nothing else. */
export function isChange(entry: Entry): boolean {
  return entry.record !== null && !entry.remark && !entry.stage && !entry.file;
}

/** Whether its author may still edit it: a remark that may have arrived can't be called back, a move only made possible. */
export function isEditable(entry: Entry): boolean {
  if (entry.file) return false;
  if (entry.stage) return entry.problem?.code.startsWith("GATE-") ?? false;
  return !entry.remark || !entry.tried || entry.problem !== null;
}

/** A remark in other words, to be sent anew. */
export function reworded(entry: Entry, text: string): Entry {
  if (!entry.remark || !isEditable(entry)) return entry;
  const body = { ...entry.remark.body, id: newKey(), text };
  return { ...revised(entry, {}), remark: { ...entry.remark, body } };
}

/** The entry with these changes on top of its own. */
export function joined(entry: Entry, changes: Values, base: Values): Entry {
  return { ...revised(entry, { ...wanted(entry), ...changes }), base: { ...base, ...entry.base } };
}

/** What is left to send once the server has confirmed the entry as `row`: what was edited after it had been tried. */
export function rest(entry: Entry, row: Row): Entry | null {
  if (!entry.revised) return null;
  const next = entry.revised;
  const changed = Object.keys(next).filter(
    (name) => !(name in entry.values) || !sameValue(next[name], entry.values[name]),
  );
  if (changed.length === 0) return null;
  return {
    ...entry,
    key: newKey(),
    record: row.id,
    version: row.version,
    values: pick(next, changed),
    base: pick(row, changed),
    tried: false,
    revised: null,
    attempts: 0,
    dueAt: 0,
  };
}

/**
 * An entry whose record somebody else changed meanwhile, put on top of theirs; null where both changed the same field
 * differently, which its author must decide.
 */
export function rebased(entry: Entry, current: Row): Entry | null {
  if (conflictsOf(entry, current).length > 0) return null;
  const names = Object.keys(wanted(entry));
  return { ...entry, key: newKey(), version: current.version, base: pick(current, names), tried: false };
}

/** The fields that both sides changed, and differently. */
export function conflictsOf(entry: Entry, current: Row): string[] {
  const mine = wanted(entry);
  return Object.keys(mine).filter(
    (name) => !sameValue(current[name], entry.base[name]) && !sameValue(current[name], mine[name]),
  );
}

/** The entry as the server is asked for it. */
export function requestOf(entry: Entry): { method: "POST" | "PATCH"; path: string; body: object } {
  if (entry.remark) return { method: "POST", ...entry.remark };
  if (entry.file) {
    const { content, name, kind } = entry.file;
    return { method: "POST", path: "/api/files", body: fileForm(entry.object, entry.record ?? "", kind, content, name) };
  }
  const all = `/api/records/${entry.object}`;
  const values = bareValues(entry.values);
  if (entry.stage) {
    const body = { to: values[entry.stage], version: entry.version };
    return { method: "POST", path: `${all}/${entry.record}/move`, body };
  }
  return entry.record === null
    ? { method: "POST", path: all, body: values }
    : { method: "PATCH", path: `${all}/${entry.record}`, body: { ...values, version: entry.version } };
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}
