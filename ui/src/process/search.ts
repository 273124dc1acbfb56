/** What the address of the process page says. Absent parts: the last 90 days, every record, the overview. */
export interface ProcessSearch {
  days?: number;
  since?: string;
  until?: string;
  /** The earlier period that it is compared with, when that is not the one just before. */
  beforeSince?: string;
  beforeUntil?: string;
  filter?: string;
  tab?: Tab;
  /** The deliverable whose panel is open. */
  step?: string;
}

export const TABS = ["overview", "map", "comparison"] as const;
export type Tab = (typeof TABS)[number];

export function readProcessSearch(raw: Record<string, unknown>): ProcessSearch {
  const found: ProcessSearch = {};
  for (const name of ["since", "until", "beforeSince", "beforeUntil", "filter", "step"] as const) {
    if (typeof raw[name] === "string" && raw[name]) found[name] = raw[name];
  }
  if (typeof raw.days === "number" && Number.isInteger(raw.days) && raw.days > 0) found.days = raw.days;
  const tab = TABS.find((one) => one === raw.tab);
  if (tab) found.tab = tab;
  return found;
}
