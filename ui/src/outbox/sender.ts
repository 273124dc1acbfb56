import { api, ApiError, unreachable } from "@/api/client";
import type { Problem, Row } from "@/api/types";

import { type Entry, judge, postponed, rebased, requestOf, rest, revised, wanted } from "./entry";
import { readAll, replace } from "./store";

const LOCK = "chengdan.outbox";
const TIMEOUT_MS = 30_000;

export interface Sent {
  sent: Entry[];
  refused: Entry[];
}

/**
 * Sends what waits for `user`, oldest first, until something can't be reached; `force` doesn't wait for the next try.
 *
 * One tab at a time: the others wait for the lock and find the work done.
 */
export async function sendWaiting(user: string, force: boolean): Promise<Sent> {
  const report: Sent = { sent: [], refused: [] };
  const work = () => sendAll(user, force, report);
  if ("locks" in navigator) await navigator.locks.request(LOCK, work);
  else await work();
  return report;
}

async function sendAll(user: string, force: boolean, report: Sent): Promise<void> {
  const tried = new Set<string>();
  for (;;) {
    const now = Date.now();
    const due = (entry: Entry) => !entry.problem && (force || entry.dueAt <= now) && !tried.has(entry.key);
    const entry = (await readAll()).find((one) => one.user === user && due(one));
    if (!entry || !navigator.onLine) return;
    tried.add(entry.key);
    if (!(await sendOne(entry, report))) return;
  }
}

/** Whether it is worth going on with the next one. */
async function sendOne(found: Entry, report: Sent): Promise<boolean> {
  const entry = await replace(found.key, (now) => ({ ...now, tried: true }));
  if (!entry) return true;
  const { method, path, body } = requestOf(entry);
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const row = await api.request<Row>(method, path, { body, idempotencyKey: entry.key, signal });
    await replace(entry.key, (now) => rest(now, row));
    report.sent.push(entry);
    return true;
  } catch (error) {
    const failure = error instanceof ApiError ? error : unreachable();
    const outcome = judge(failure, entry.attempts);
    if (outcome === "halt") return false;
    if (outcome === "later") {
      await replace(entry.key, (now) => postponed(now, Date.now()));
      return false;
    }
    const after = await replace(entry.key, (now) => settled(now, failure.problem));
    if (after?.problem) report.refused.push(after);
    return true;
  }
}

/** An entry that the server refused: put on top of what others changed, asked for anew as edited, or given back. */
function settled(entry: Entry, problem: Problem): Entry {
  const again = revised({ ...entry, problem }, wanted(entry));
  if (problem.current) return rebased(again, problem.current) ?? { ...again, problem };
  return entry.revised ? again : { ...entry, problem };
}
