import type { ReactNode } from "react";
import { useEffect, useId, useSyncExternalStore } from "react";

/** What can be done on the page that is open; pages fill this while they are shown, ⌘K offers it. */

export interface Choice {
  id: string;
  text: string;
  hint?: string;
}

export interface PageAction {
  id: string;
  text: string;
  icon: ReactNode;
  /** Does it; without `choices`. */
  run?: () => void;
  /** What it is done with, to be picked first. */
  choices?: { placeholder: string; find: (typed: string, signal: AbortSignal) => Promise<Choice[]>; pick: (choice: Choice) => void };
}

const filled = new Map<string, { about: string; actions: PageAction[] }>();
const watchers = new Set<() => void>();
let offered: { about: string; actions: PageAction[] }[] = [];

function changed(): void {
  offered = [...filled.values()];
  for (const notify of watchers) notify();
}

/** Offers actions as long as the component is shown; `about` says on what they act. */
export function useActions(about: string, actions: PageAction[]): void {
  const key = useId();
  useEffect(() => {
    filled.set(key, { about, actions });
    changed();
  });
  useEffect(
    () => () => {
      filled.delete(key);
      changed();
    },
    [key],
  );
}

/** The actions of what is shown now, with what they act on. */
export function useOffered(): { about: string; actions: PageAction[] }[] {
  return useSyncExternalStore(
    (notify) => {
      watchers.add(notify);
      return () => watchers.delete(notify);
    },
    () => offered,
  );
}
