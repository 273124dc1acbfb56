import { api, ApiError, unreachable } from "@/api/client";
import type { Row, Values } from "@/api/types";
import { bareValues } from "@/fields/wire";

import { type Entry, isUnreachable, joined, type Remark } from "./entry";
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
      const waiting = (await readAll()).find((one) => one.user === author && one.record === record && !one.remark);
      if (waiting) await replace(waiting.key, (entry) => joined(entry, values, base));
      else await put({ ...blank(tried), ...changes, key });
    });
    return null;
  }
}

/** Says something about a record; false when it waits to be sent. Raises ApiError when the server refuses. */
export async function remarkOrKeep(about: { object: string; record: string; title: string }, remark: Remark): Promise<boolean> {
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
