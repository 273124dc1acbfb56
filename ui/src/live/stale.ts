import type { InvalidateQueryFilters, Query } from "@tanstack/react-query";

import { keys } from "@/api/records";
import type { Catalog, GateAnswer, GateOverview } from "@/api/types";
import type { Conflict } from "@/conflicts/conflicts";

import type { LiveEvent } from "./stream";

/** Queries that an event makes stale, each set of them under a name: those that are named twice are read again once. */
export type Stale = Map<string, InvalidateQueryFilters>;

interface Pages<T> {
  pages: { items: T[] }[];
}

interface Touched {
  object: string;
  /** Null when so many were that the server names none. */
  id: string | null;
  kind: string;
}

const POOLS = ["records", "pools"];
const CONFLICTS = ["records", "conflicts"];

/** What of the page an event makes stale; the `catalog` knows what mails and pools are made of. */
export function staleBy({ type, data }: LiveEvent, catalog: Catalog | undefined): Stale {
  if (type === "job") return byKey(["jobs"]);
  if (type === "notification") return byKey(["notifications"]);
  if (type === "snapshot") return byKey(["catalog"], ["records"], ["notifications"]);
  const id = data.id == null ? null : String(data.id);
  const touched = { object: String(data.object), id, kind: String(data.kind) };
  return new Map([...ofRecord(touched), ...beyond(touched, catalog)]);
}

function byKey(...all: (readonly unknown[])[]): Stale {
  return new Map(all.map((queryKey) => [JSON.stringify(queryKey), { queryKey }]));
}

/** The record itself, and where it is listed and counted; all of its object when no record is named. */
function ofRecord({ object, id }: Touched): Stale {
  const all = keys.object(object);
  return id === null ? byKey(all) : byKey([...all, "list"], [...all, "sums"], keys.one(object, id));
}

/** What rests on records of other objects: gates, mails and what is told of them, public pools, conflicts. */
function beyond(touched: Touched, catalog: Catalog | undefined): Stale {
  const { object, id, kind } = touched;
  const isMail = catalog?.mail?.object === object;
  const isPooled = catalog?.pools.some((pool) => pool.object === object);
  const stale: Stale = new Map([
    [`gates over ${object}`, { predicate: isGateOver(object) }],
    ...conflictsOver(touched),
    ...(isMail ? byKey([...keys.object(object), "mail"]) : []),
    ...(isPooled ? byKey(POOLS) : []),
  ]);
  if (kind.startsWith("mail.") || (isMail && id === null)) stale.set("timelines", { predicate: isTimeline });
  return stale;
}

/** Every timeline: what becomes of a mail is told on those of the records that it hangs to. */
function isTimeline({ queryKey }: Query): boolean {
  return queryKey[2] === "one" && queryKey[4] === "timeline";
}

/** The gates that ask for records of this object: one of them may be what another record lacked. */
function isGateOver(object: string): (query: Query) => boolean {
  const asks = (answer: Partial<GateOverview & GateAnswer> | undefined) =>
    (answer?.reasons ?? answer?.stages?.flatMap((stage) => stage.deliverables) ?? []).some((one) => one.object === object);
  return ({ queryKey, state }) =>
    queryKey[2] === "one" && queryKey[4] === "gate" && asks(state.data as Partial<GateOverview & GateAnswer> | undefined);
}

/** All conflicts when one was found or settled; else those lists of them that show one of the record. */
function conflictsOver({ object, id, kind }: Touched): Stale {
  if (kind.startsWith("conflict.")) return byKey(CONFLICTS);
  const concerns = ({ object: over, record, other }: Conflict) =>
    over === object && (id === null || record.id === id || other?.id === id);
  const predicate = ({ state }: Query) =>
    (state.data as Pages<Conflict> | undefined)?.pages.some((page) => page.items.some(concerns)) ?? false;
  return new Map([[`conflicts over ${object} ${id}`, { queryKey: CONFLICTS, predicate }]]);
}
