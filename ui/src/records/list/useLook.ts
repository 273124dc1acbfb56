import { useState } from "react";

import type { Look } from "@/api/views";
import type { ListSearch } from "@/app/search";

import { type Kept, keptIn, lookOf, readKept, sameLook } from "./look";
import type { ListView } from "./views";

export interface LookState {
  look: Look;
  /** Whether what is shown differs from the view as it is saved. */
  changed: boolean;
  /** What this device keeps of the view until it is saved. */
  kept: Kept;
  keep: (changes: Kept) => void;
  /** Forgets what this device keeps of the view. */
  forget: () => void;
}

/** How the current view is looked at now. */
export function useLook(object: string, view: ListView, search: ListSearch): LookState {
  const store = keptIn(object, view.name);
  const [state, setState] = useState<{ store: string; kept: Kept }>(() => ({ store, kept: readKept(store) }));
  const kept = state.store === store ? state.kept : readKept(store);
  if (state.store !== store) setState({ store, kept });
  const keep = (changes: Kept) => {
    const next: Kept = { ...kept, ...changes };
    localStorage.setItem(store, JSON.stringify(next));
    setState({ store, kept: next });
  };
  const look = lookOf(view.look, search, kept);
  return {
    look,
    kept,
    keep,
    changed: !sameLook(look, lookOf(view.look, {}, {})),
    forget: () => {
      localStorage.removeItem(store);
      setState({ store, kept: {} });
    },
  };
}
