import { api, ApiError, unreachable } from "@/api/client";
import type { Row, StoredFile, Values } from "@/api/types";
import { bareValues } from "@/fields/wire";

import { type Entry, isChange, isUnreachable, joined, type Remark, requestOf } from "./entry";
import { newKey } from "./key";
import { put, readAll, replace } from "./store";

/** Writing that outlives a lost network: what can't be sent now waits in this browser and is sent once. */

let author: string | null = null;

/** From now on what waits belongs to this user; null: to nobody, so nothing is kept. */
export function writeAs(user: string | null): void {
  author = user;
}

export interface Creation {
  object: string;
  title: string;
  values: Values;
  key: string;
}

export interface Changes {
  object: string;
  record: string;
  title: string;
  version: number;
  values: Values;
  base: Values;
}

/** Creates a record; null when it waits to be sent. Raises ApiError when the server refuses. */
export async function createOrKeep(creation: Creation): Promise<Row | null> {
  const { object, values, key } = creation;
  const tried = navigator.onLine;
  try {
    if (!tried) throw unreachable();
    return await api.post<Row>(`/api/records/${object}`, bareValues(values), key);
  } catch (error) {
    await keep(error, () => put({ ...blank(tried), ...creation, record: null, base: {}, version: 0 }));
    return null;
  }
}

/** Changes a record; null when the changes wait to be sent. Raises ApiError when the server refuses. */
export async function updateOrKeep(changes: Changes): Promise<Row | null> {
  const { object, record, version, values, base } = changes;
  const key = newKey();
  const tried = navigator.onLine;
  try {
    if (!tried) throw unreachable();
    const body = { ...bareValues(values), version };
    return await api.request<Row>("PATCH", `/api/records/${object}/${record}`, { body, idempotencyKey: key });
  } catch (error) {
    await keep(error, async () => {
      const waiting = (await readAll()).find((one) => one.user === author && one.record === record && isChange(one));
      if (waiting) await replace(waiting.key, (entry) => joined(entry, values, base));
      else await put({ ...blank(tried), ...changes, key });
    });
    return null;
  }
}

/** Says something about a record; false when it waits to be sent. Raises ApiError when the server refuses. */
export async function remarkOrKeep(about: About, remark: Remark): Promise<boolean> {
  const tried = navigator.onLine;
  try {
    if (!tried) throw unreachable();
    await api.post(remark.path, remark.body);
    return true;
  } catch (error) {
    const entry = { ...blank(tried), ...about, remark, key: newKey(), values: {}, base: {}, version: 0 };
    await keep(error, () => put(entry));
    return false;
  }
}

/** The largest file that waits in the browser. */
const MAX_KEPT_BYTES = 50 * 1024 * 1024;

export interface About {
  object: string;
  record: string;
  title: string;
}

/** Moves a record to a stage; null when the move waits to be sent. Raises ApiError when the server refuses. */
export async function moveOrKeep(about: About, version: number, stage: string, from: string, to: string): Promise<Row | null> {
  return sendOrKeep<Row>({ ...about, version, stage, values: { [stage]: to }, base: { [stage]: from } });
}

/** Puts a file under a record; null when it waits to be sent. Raises ApiError when the server refuses, and for large files. */
export async function uploadOrKeep(about: About, kind: string, file: File): Promise<StoredFile | null> {
  const kept = { content: file, name: file.name, kind };
  return sendOrKeep<StoredFile>({ ...about, version: 0, file: kept, values: {}, base: {} }, file.size <= MAX_KEPT_BYTES);
}

async function sendOrKeep<T>(
  what: About & Pick<Entry, "version" | "values" | "base" | "stage" | "file">,
  keepable = true,
): Promise<T | null> {
  const tried = navigator.onLine;
  const entry: Entry = { ...blank(tried), ...what, key: newKey() };
  try {
    if (!tried) throw unreachable();
    const { method, path, body } = requestOf(entry);
    return await api.request<T>(method, path, { body, idempotencyKey: entry.key });
  } catch (error) {
    if (!keepable) throw error;
    await keep(error, () => put(entry));
    return null;
  }
}

/** Keeps what could not be sent; everything else that went wrong is raised again. */
async function keep(error: unknown, store: () => Promise<void>): Promise<void> {
  if (!(error instanceof ApiError) || !isUnreachable(error) || author === null) throw error;
  try {
    await store();
  } catch {
    throw error;
  }
}

function blank(tried: boolean): Pick<Entry, "user" | "tried" | "revised" | "at" | "attempts" | "dueAt" | "problem"> {
  const now = Date.now();
  return { user: author ?? "", tried, revised: null, at: now, attempts: 0, dueAt: tried ? now + 1_000 : 0, problem: null };
}
