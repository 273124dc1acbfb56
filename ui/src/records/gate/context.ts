import { createContext, useContext } from "react";

import type { GateReason, Row } from "@/api/types";

export interface GateRequest {
  object: string;
  row: Row;
  to: string;
  reasons: GateReason[];
  onMoved?: (row: Row) => void;
}

export const GateContext = createContext<((request: GateRequest) => void) | null>(null);

/** Opens the form of just what a stage still demands. */
export function useGateForm(): (request: GateRequest) => void {
  const open = useContext(GateContext);
  if (!open) throw new Error("useGateForm outside GateProvider");
  return open;
}
