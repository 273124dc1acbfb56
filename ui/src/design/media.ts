import { useSyncExternalStore } from "react";

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (notify) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", notify);
      return () => media.removeEventListener("change", notify);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Whether the page is phone-sized: cards, bottom navigation, full-width drawers. */
export function usePhone(): boolean {
  return useMedia("(max-width: 767px)");
}
