/** Work in the background, as the page follows it. */

import type { AuditFindings } from "@/audit/findings";

import type { Label, Reason } from "./types";

export interface Job {
  id: string;
  kind: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  done: number;
  total: number | null;
  created: number;
  updated: number;
  unchanged?: number;
  refused: number;
  message: string | Label | null;
  /** Why the whole job failed. */
  errors?: Reason[];
  /** The file that is imported. */
  name?: string | null;
  dry_run?: boolean;
  cancelling?: boolean;
  /** Of an event log: events told, and those that meant nothing. */
  events?: number | null;
  unknown?: number | null;
  /** From when until when the log is. */
  since?: string | null;
  until?: string | null;
  errors_url: string | null;
  /** The file that the job made. */
  file_url?: string | null;
  rows?: number | null;
  size?: number | null;
  /** What a verification of the audit trail found. */
  audit?: AuditFindings | null;
  finished_at?: string | null;
  /** The first records that an import brought in. */
  records?: string[];
  object?: string | null;
  created_at?: string | null;
}
