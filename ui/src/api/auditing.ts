import type { Label } from "./types";

/** A process audit as the catalog names it: of which object, and in which objects its records are kept. */
export interface AuditDefinition {
  name: string;
  label: Label;
  object: string;
  draws: string;
  reviews: string;
  verdicts: string;
}
