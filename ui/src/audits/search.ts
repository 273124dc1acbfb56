const TABS = ["reviews", "draws", "bonus"] as const;
export type AuditTab = (typeof TABS)[number];

/** What the address of the audits page says. */
export interface AuditsSearch {
  tab?: AuditTab;
  quarter?: string;
}

export function readAuditsSearch(raw: Record<string, unknown>): AuditsSearch {
  const tab = TABS.find((one) => one === raw.tab);
  return {
    ...(tab && tab !== "reviews" ? { tab } : {}),
    ...(typeof raw.quarter === "string" && /^20\d\d-Q[1-4]$/.test(raw.quarter) ? { quarter: raw.quarter } : {}),
  };
}
