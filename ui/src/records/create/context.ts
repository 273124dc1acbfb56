import { createContext, useContext } from "react";

import type { Row, Values } from "@/api/types";
import type { Entry } from "@/outbox/entry";

export interface CreateRequest {
  object: string;
  /** Values that the form starts with, e.g. the parent record. */
  prefill?: Values;
  /** What happens after; without it the new record is opened. */
  onCreated?: (row: Row) => void;
  /** A creation that waits to be sent or came back, to be edited. */
  draft?: Entry;
}

export const CreateContext = createContext<((request: CreateRequest) => void) | null>(null);

/** Opens the form for a new record. */
export function useCreate(): (request: CreateRequest) => void {
  const open = useContext(CreateContext);
  if (!open) throw new Error("useCreate outside CreateProvider");
  return open;
}
