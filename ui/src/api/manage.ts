import { api } from "./client";
import type { Ref, Row, Values } from "./types";

/** A share of a record: with a person or with a team. */
export interface Share {
  user?: Ref;
  team?: Ref;
  act: "read" | "update";
  at: string;
  until: string | null;
  by: Ref | null;
}

export type Grantee = "user" | "team";

/** One way that a role names, and whether it leads to the record. */
export interface AccessWay {
  role: string;
  act: "read" | "update";
  scope: string;
  holds: boolean;
  in_scope: boolean;
  by_rule: boolean;
  text: string;
  fact: string;
  ruled: boolean;
  /** The record rule; empty where there is none, or where it reads what the viewer may not see. */
  where: string;
}

export interface AccessAnswer {
  person: Ref;
  allowed: boolean;
  can_change: boolean;
  ways: AccessWay[];
  /** Roles that say nothing about the object. */
  silent: string[];
}

/** Somebody looked at a record: alone, or with others in a list or an export. */
export interface Look {
  at: string;
  by: Ref;
  how: "record" | "list" | "export";
  among: number;
}

export interface MergePreview {
  children: { object: string; field: string; count: number }[];
  others: number;
  files: number;
  shares: number;
  comments: number;
  followers: number;
}

export interface Colleague extends Ref {
  team: string | null;
}

const base = (object: string) => `/api/records/${object}`;
const one = (object: string, id: string) => `${base(object)}/${id}`;

export const manage = {
  colleagues: (q: string, signal?: AbortSignal) => api.get<Colleague[]>("/api/users", { q, limit: 30 }, signal),
  shares: (object: string, id: string, signal?: AbortSignal) =>
    api.get<{ items: Share[] }>(`${one(object, id)}/shares`, {}, signal),
  share: (object: string, id: string, kind: Grantee, grantee: string, act: Share["act"], until: string | null) =>
    api.post<Row>(`${one(object, id)}/shares`, { [kind]: grantee, act, ...(until ? { until } : {}) }),
  unshare: (object: string, id: string, kind: Grantee, grantee: string) =>
    api.delete<Row>(`${one(object, id)}/shares?${kind}=${grantee}`),
  viewers: (object: string, id: string, signal?: AbortSignal) =>
    api.get<{ items: Look[] }>(`${one(object, id)}/viewers`, {}, signal),
  access: (object: string, id: string, user: string, signal?: AbortSignal) =>
    api.get<AccessAnswer>(`${one(object, id)}/access`, { user }, signal),
  mergePreview: (object: string, from: string, signal?: AbortSignal) =>
    api.get<MergePreview>(`${base(object)}/merge`, { from }, signal),
  merge: (object: string, into: string, from: string, fields: Values) =>
    api.post<Row>(`${base(object)}/merge`, { into, from, fields }),
};

export const manageKeys = {
  viewers: (object: string, id: string) => ["records", object, "one", id, "viewers"] as const,
  shares: (object: string, id: string) => ["records", object, "one", id, "shares"] as const,
  access: (object: string, id: string, user: string) => ["records", object, "one", id, "access", user] as const,
  preview: (object: string, from: string) => ["records", object, "one", from, "merge"] as const,
};
