import { address, api } from "./client";
import type { SignatureLink } from "./signing";
import type { Comment, Followers, TimelineItem } from "./timeline";
import type { BulkReport, GateAnswer, GateOverview, Page, Ref, Row, StoredFile, Values } from "./types";

export interface ListQuery {
  view?: string;
  filter?: string;
  q?: string;
  sort?: string;
  limit?: number;
  fields?: string;
  expand?: string;
  archived?: boolean;
}

export interface Measure {
  fn: "count" | "sum" | "avg" | "min" | "max";
  field?: string;
}

/** Figures as of `at`; `renewing` while the server works out newer ones. */
export interface Aggregated {
  rows: Values[];
  at: string;
  renewing: boolean;
}

export interface AggregateQuery {
  group_by: string[];
  /** The most groups, those with the greatest first figure. */
  limit?: number;
  measures: Measure[];
  view?: string;
  filter?: string;
  q?: string;
  archived?: boolean;
}

/** What is done to many records: one thing to all of `ids` or all that `filter` finds, or to each its own changes. */
export type BulkWork =
  | { ids: string[]; changes: Values }
  | { ids: string[]; move: Move }
  | { ids: string[]; archive: true }
  | { ids: string[]; restore: true }
  | { items: { id: string; changes: Values }[] };

export interface Move {
  to: string;
  reason?: string;
  override_reason?: string;
}

/** What a timeline is narrowed to. */
export interface Sought {
  /** Names of kinds, with commas between. */
  kind?: string;
  field?: string;
  person?: string;
}

export interface CommentInput {
  text: string;
  mentions: string[];
}

const base = (object: string) => `/api/records/${object}`;
const one = (object: string, id: string) => `${base(object)}/${id}`;

export const records = {
  list: (object: string, query: ListQuery, cursor: string | null, signal?: AbortSignal) =>
    api.get<Page<Row>>(base(object), { ...query, cursor }, signal),
  /** One record; `able` asks what the viewer may do to it. */
  get: (object: string, id: string, expand: string, signal?: AbortSignal, able?: boolean) =>
    api.get<Row>(one(object, id), { expand, able }, signal),
  create: (object: string, values: Values, key: string) => api.post<Row>(base(object), values, key),
  update: (object: string, id: string, version: number, changes: Values) =>
    api.patch<Row>(one(object, id), { ...changes, version }),
  archive: (object: string, id: string) => api.delete<Row>(one(object, id)),
  restore: (object: string, id: string) => api.post<Row>(`${one(object, id)}/restore`, {}),
  move: (object: string, id: string, version: number, move: Move) =>
    api.post<Row>(`${one(object, id)}/move`, { ...move, version }),
  gate: (object: string, id: string, signal?: AbortSignal) =>
    api.get<GateOverview>(`${one(object, id)}/gate`, {}, signal),
  gateTo: (object: string, id: string, to: string) => api.get<GateAnswer>(`${one(object, id)}/gate`, { to }),
  substep: (object: string, id: string, name: string, done: boolean) =>
    api.post<GateOverview>(`${one(object, id)}/substeps`, { name, done }),
  askToSign: (object: string, id: string, deliverable: string) =>
    api.post<SignatureLink>(`${one(object, id)}/signature/link`, { deliverable }),
  withdrawSigning: (object: string, id: string, deliverable: string) =>
    api.request<undefined>("DELETE", `${one(object, id)}/signature/link`, { query: { deliverable } }),
  vouch: (object: string, id: string, signature: string, reason: string) =>
    api.post<undefined>(`${one(object, id)}/signature/vouch`, { signature, reason }),
  timeline: (object: string, id: string, cursor: string | null, sought: Sought, signal?: AbortSignal) =>
    api.get<Page<TimelineItem>>(`${one(object, id)}/timeline`, { cursor, limit: 30, ...sought }, signal),
  comment: (object: string, id: string, comment: CommentInput & { id: string }) =>
    api.post<Comment>(`${one(object, id)}/comments`, comment),
  editComment: (object: string, id: string, comment: string, input: CommentInput) =>
    api.patch<Comment>(`${one(object, id)}/comments/${comment}`, input),
  removeComment: (object: string, id: string, comment: string) =>
    api.delete<undefined>(`${one(object, id)}/comments/${comment}`),
  followers: (object: string, id: string, signal?: AbortSignal) =>
    api.get<Followers>(`${one(object, id)}/followers`, {}, signal),
  follow: (object: string, id: string) => api.post<Followers>(`${one(object, id)}/followers`, {}),
  unfollow: (object: string, id: string) => api.delete<Followers>(`${one(object, id)}/followers`),
  files: (object: string, id: string, signal?: AbortSignal) =>
    api.get<{ items: StoredFile[] }>(`${one(object, id)}/files`, {}, signal),
  options: (object: string, q: string, signal?: AbortSignal) =>
    api.get<{ items: Ref[] }>(`${base(object)}/options`, { q, limit: 30 }, signal),
  aggregate: (object: string, query: AggregateQuery) =>
    api.post<Aggregated>(`${base(object)}/aggregate`, query),
  bulk: (object: string, body: BulkWork) => api.post<BulkReport>(`${base(object)}/bulk`, body),
};

/** Where a form filled in from a record is downloaded. */
export function formAddress(object: string, id: string, template: string, deliverable: string): string {
  return address(`${one(object, id)}/forms/${template}`, { deliverable });
}

/** Stores a file with a record, filed as `kind`. */
export function uploadFile(object: string, id: string, kind: string, file: File): Promise<StoredFile> {
  return api.post<StoredFile>("/api/files", fileForm(object, id, kind, file, file.name));
}

/** What stores a file with a record, as a form. */
export function fileForm(object: string, id: string, kind: string, content: Blob, name: string): FormData {
  const form = new FormData();
  form.set("file", content, name);
  form.set("object", object);
  form.set("record", id);
  form.set("kind", kind);
  return form;
}

/** The keys under which the page caches what it has read. A live event about a record spoils them by prefix. */
export const keys = {
  object: (object: string) => ["records", object] as const,
  list: (object: string, query: ListQuery) => ["records", object, "list", query] as const,
  sums: (object: string, query: AggregateQuery) => ["records", object, "sums", query] as const,
  one: (object: string, id: string) => ["records", object, "one", id] as const,
  gate: (object: string, id: string) => ["records", object, "one", id, "gate"] as const,
  timeline: (object: string, id: string) => ["records", object, "one", id, "timeline"] as const,
  files: (object: string, id: string) => ["records", object, "one", id, "files"] as const,
  followers: (object: string, id: string) => ["records", object, "one", id, "followers"] as const,
  options: (object: string, q: string) => ["options", object, q] as const,
};
