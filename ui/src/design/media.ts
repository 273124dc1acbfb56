import { useSyncExternalStore } from "react";

interface Watched {
  subscribe: (notify: () => void) => () => void;
  matches: () => boolean;
}

const watched = new Map<string, Watched>();

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  const { subscribe, matches } = watch(query);
  return useSyncExternalStore(subscribe, matches);
}

/** Whether the page is phone-sized: cards, bottom navigation, full-width drawers. */
export function usePhone(): boolean {
  return useMedia("(max-width: 767px)");
}

/** One list for all that ask for a query: a page asks some dozens of times. */
function watch(query: string): Watched {
  let found = watched.get(query);
  if (!found) {
    const media = window.matchMedia(query);
    const subscribe = (notify: () => void) => {
      media.addEventListener("change", notify);
      return () => media.removeEventListener("change", notify);
    };
    watched.set(query, (found = { subscribe, matches: () => media.matches }));
  }
  return found;
}
