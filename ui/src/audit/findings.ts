/** What a verification of the audit trail found. */
export interface AuditFindings {
  events: number;
  seals: number;
  /** The hash of the last seal. */
  head: string;
  findings: { seal: number; zh: string; en: string }[];
}
