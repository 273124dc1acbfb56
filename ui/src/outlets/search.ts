export type DeliveryState = "waiting" | "sending" | "sent" | "dead";

/** What the address of the page says. */
export interface OutletSearch {
  tab?: "log";
  /** An id, or `email`. */
  outlet?: string;
  state?: DeliveryState;
}

export const STATES: readonly DeliveryState[] = ["waiting", "sent", "dead"];

export function readOutletSearch(raw: Record<string, unknown>): OutletSearch {
  const found: OutletSearch = {};
  if (raw.tab === "log") found.tab = "log";
  if (typeof raw.outlet === "string" && raw.outlet) found.outlet = raw.outlet;
  if (STATES.includes(raw.state as DeliveryState)) found.state = raw.state as DeliveryState;
  return found;
}
