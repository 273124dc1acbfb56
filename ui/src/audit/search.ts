/** What the address of the audit page says. */
export interface TrailSearch {
  since?: string;
  until?: string;
  days?: number;
  actor?: string;
  actorName?: string;
  object?: string;
  record?: string;
  kind?: string;
  cause?: string;
}

const TEXTS = ["since", "until", "actor", "actorName", "object", "record", "kind", "cause"] as const;

export function readTrailSearch(raw: Record<string, unknown>): TrailSearch {
  const found: TrailSearch = {};
  for (const name of TEXTS) {
    const value = raw[name];
    if (typeof value === "string" && value) found[name] = value;
  }
  if (typeof raw.days === "number" && Number.isInteger(raw.days) && raw.days >= 0) found.days = raw.days;
  return found;
}
