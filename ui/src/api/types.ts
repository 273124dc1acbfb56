/** The shapes that the HTTP API speaks, as far as the page uses them. */

import type { AuditDefinition } from "./auditing";
import type { HomeDefinition } from "./home";
import type { ScoreDefinition } from "./scores";
import type { Due, Signature } from "./signing";

export type { Job } from "./job";

export interface Label {
  zh: string;
  en: string;
}

export type FieldType =
  | "text"
  | "long_text"
  | "integer"
  | "decimal"
  | "money"
  | "percent"
  | "boolean"
  | "date"
  | "datetime"
  | "duration"
  | "select"
  | "multi_select"
  | "reference"
  | "references"
  | "user"
  | "file"
  | "files"
  | "signature"
  | "photo"
  | "location"
  | "phone"
  | "email"
  | "url"
  | "auto_number"
  | "formula"
  | "rollup"
  | "json";

export interface Option {
  value: string;
  label: Label;
  color?: string;
}

export interface Field {
  name: string;
  type: FieldType;
  /** The type of the value: the result's type for a formula or rollup. */
  stored_type: FieldType;
  label: Label;
  help?: Label | null;
  section?: string;
  required?: boolean;
  unique?: boolean;
  /** Read only for this viewer. */
  readonly?: boolean;
  system?: boolean;
  derived?: boolean;
  max_length?: number;
  digits?: number;
  /** False for numbers whose digits aren't grouped in thousands, such as years. */
  grouped?: boolean;
  /** False for numbers whose sum means nothing, such as an age in days. */
  summed?: boolean;
  minimum?: string | number | null;
  maximum?: string | number | null;
  currency?: string;
  options?: Option[];
  /** The referenced object. */
  object?: string;
  sortable?: boolean;
  visible_when?: string;
  locked_when?: string;
  /** An expression that fills the field of a new record. */
  default?: string;
}

export interface Child {
  name: string;
  label: Label;
  object: string;
  /** The reference field of `object` that points back. */
  field: string;
}

export type ObjectRight =
  "read" | "create" | "update" | "archive" | "import" | "export" | "bulk" | "merge" | "share" | "override_gate" | "view_log" | "hand_over" | "admit" | "assign";

export interface ObjectDefinition {
  name: string;
  label: Label;
  plural: Label;
  title: string;
  /** False where the navigation leaves it out. */
  listed?: boolean;
  icon?: string;
  help?: Label | null;
  /** A record is made in a line from the page of what it points to: a button for each option of `by`, and these fields. */
  quick?: { by: string; fields: string[] } | null;
  /** The fields that hold what happens next. */
  next?: { text: string; on: string } | null;
  /** Fields of which it is written down who reads them. */
  sensitive: string[];
  /** Kinds that files may be filed as, beside those that deliverables ask for. */
  file_kinds: { name: string; label: Label }[];
  /** Records that wait for an answer: in the first stage of the pipeline; the second says answered. */
  loop?: { answer: string; words: string; since: string; by: string[]; ages: number[]; where: string } | null;
  /** Sub-steps of the pipeline to go through together. */
  checklists?: { name: string; label: Label; help: Label | null; steps: string[] }[];
  sections: { name: string; label: Label }[];
  fields: Field[];
  children: Child[];
  pipeline: string | null;
  can: Record<ObjectRight, boolean>;
}

export type DeliverableKind = "field" | "condition" | "file" | "checklist" | "record" | "signature";

export interface Deliverable {
  name: string;
  kind: DeliverableKind;
  label: Label;
  hint?: Label | null;
  hard: boolean;
  field?: string | null;
  of?: string | null;
  object?: string | null;
  /** What a record that meets it starts with. */
  values?: Values;
  file_kind?: string | null;
  count?: number;
  template?: string | null;
  /** What the template is called. */
  form?: Label | null;
}

export type StageKind = "open" | "won" | "lost";

export interface Stage {
  name: string;
  label: Label;
  kind: StageKind;
  probability?: number;
  color?: string;
  sla_days?: number;
  entry: Deliverable[];
  exit: Deliverable[];
}

export interface Pipeline {
  name: string;
  label: Label;
  object: string;
  field: string;
  stages: Stage[];
}

export type ViewKind = "list" | "board" | "calendar" | "agenda";

export interface View {
  name: string;
  label: Label;
  object: string;
  kind: ViewKind;
  columns: string[];
  filter: string;
  sort: string;
  board_field?: string;
  /** How many cards a board's columns should hold at most; with `strict_limits` a full one takes no more. */
  limits?: Record<string, number>;
  strict_limits?: boolean;
  /** What a calendar or agenda goes by: from when, until when or how long, and whether it is done. */
  start_field?: string;
  end_field?: string;
  duration_field?: string;
  done_field?: string;
}

export interface Catalog {
  version: number | string;
  objects: Record<string, ObjectDefinition>;
  pipelines: Record<string, Pipeline>;
  views: View[];
  /** The public pools that the viewer may use. */
  pools: { name: string; label: Label; object: string }[];
  home: HomeDefinition;
  scores: ScoreDefinition[];
  audits: AuditDefinition[];
  roles: { name: string; label: Label }[];
  /** The object of e-mails, the field of each role, and who writes them; null for those who see no mails. */
  mail: MailDefinition | null;
}

export interface MailDefinition {
  object: string;
  fields: Record<string, string>;
  people: { field: string; object: string; address: string }[];
}

export interface User {
  id: string;
  name: string;
  username: string;
  roles: string[];
  locale: "zh-CN" | "en";
  time_zone: string;
  team: string | null;
}

export interface Session {
  user: User;
  csrf_token: string;
  permissions: string[];
  demo: boolean;
  /** Where to begin to listen, so that nothing after this answer is missed. */
  place: string;
}

/** A reference that the server has expanded. The label is null when the viewer may not see the record. */
export interface Ref {
  id: string;
  label: string | null;
}

export type Values = Record<string, unknown>;

export interface Row extends Values {
  id: string;
  version: number;
  archived_at?: string | null;
  /** What the viewer may do to it, where that was asked. */
  _can?: { update: boolean; archive: boolean };
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Reason {
  code: string;
  path?: string;
  message: string;
  hint?: string;
  /** For an expression: its text with a caret under the place. */
  excerpt?: string;
}

export interface GateReason extends Reason {
  deliverable: string;
  stage: string;
  kind: DeliverableKind;
  hard: boolean;
  field?: string | null;
  file_kind?: string | null;
  count?: number;
  have?: number;
  template?: string | null;
  of?: string | null;
  object?: string | null;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: Reason[];
  due?: Due;
  /** Of a stale write: the record as it is, and who changed what since it was read. */
  current?: Row;
  changes?: StaleChange[];
}

export interface StaleChange {
  at: string;
  by: Ref | null;
  version: number;
  fields: string[];
}

export interface DeliverableState extends Deliverable {
  met: boolean;
  have?: number;
  /** The stage was passed without it. */
  overridden?: boolean;
  /** When a sub-step was ticked. */
  at?: string | null;
  /** Why a signature that is there doesn't count. */
  note?: "" | "unsigned" | "differs";
  signature?: Signature;
  /** The link by which a customer is asked to sign, while it is open. */
  asked?: { at: string; until: string; opened_at: string | null };
}

/** A gate that somebody went past, with the reason given. */
export interface Override {
  at: string;
  by: Ref | null;
  to: string;
  reason: string;
  hard: string[];
  soft: string[];
}

export interface StageState {
  name: string;
  label: Label;
  kind: StageKind;
  state: "passed" | "current" | "ahead";
  overridden: boolean;
  deliverables: DeliverableState[];
}

export interface GateOverview {
  pipeline: string;
  stage: string | null;
  stages: StageState[];
  next: string | null;
  overrides?: Override[];
  can_vouch?: boolean;
}

export interface GateAnswer {
  pipeline: string;
  stage: string | null;
  to: string;
  allowed: boolean;
  outcome: "allowed" | "needs_reason" | "blocked";
  can_override: boolean;
  reasons: GateReason[];
}

export interface StoredFile {
  id: string;
  name: string;
  size: number;
  mime: string;
  kind: string;
  created_at: string;
  created_by: Ref | string | null;
  url: string;
  thumbnail_url: string | null;
  /** Where the pages of a PDF are drawn. */
  pages_url: string | null;
}

export interface Refused {
  id: string;
  errors: Reason[];
}

export interface BulkReport {
  done: number;
  refused: Refused[];
}

export interface SearchHit {
  object: string;
  id: string;
  label: string;
  hint?: string | null;
}

export interface Notice {
  id: string;
  at: string;
  message: Label;
  urgent: boolean;
  object: string | null;
  record: string | null;
  read_at: string | null;
  /** The rule that it comes from, or one of the system's own kinds. */
  kind: string;
}
