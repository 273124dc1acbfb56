import { useSyncExternalStore } from "react";

import type { Density } from "@/api/views";

import { DENSITIES } from "./look";

/** How dense lists are where neither the view nor the viewer says so for one of them; kept on this device. */

const STORE = "chengdan.density";
const watchers = new Set<() => void>();

function usual(): Density {
  return DENSITIES.find((density) => density === localStorage.getItem(STORE)) ?? "normal";
}

export function chooseDensity(density: Density): void {
  localStorage.setItem(STORE, density);
  for (const notify of watchers) notify();
}

export function useUsualDensity(): Density {
  return useSyncExternalStore((notify) => {
    watchers.add(notify);
    return () => watchers.delete(notify);
  }, usual);
}
