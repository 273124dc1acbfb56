import { useSyncExternalStore } from "react";

/** Installing the page as an app: the browser's own offer, kept until somebody asks for it. */

interface InstallOffer extends Event {
  prompt: () => Promise<{ outcome: "accepted" | "dismissed" }>;
}

export type Installing = "installed" | "offered" | "by hand" | "impossible";

let offer: InstallOffer | null = null;
const watchers = new Set<() => void>();

function changed(next: InstallOffer | null): void {
  offer = next;
  for (const notify of watchers) notify();
}

/** Keeps the browser's offer instead of letting it pop up. */
export function awaitInstallOffer(): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    changed(event as InstallOffer);
  });
  window.addEventListener("appinstalled", () => changed(null));
}

/** How the page can be installed here, and what does it. */
export function useInstall(): { how: Installing; install: () => Promise<void> } {
  const how = useSyncExternalStore((notify) => {
    watchers.add(notify);
    return () => watchers.delete(notify);
  }, state);
  return {
    how,
    install: async () => {
      const asked = offer;
      if (asked && (await asked.prompt()).outcome === "accepted") changed(null);
    },
  };
}

function state(): Installing {
  if (window.matchMedia("(display-mode: standalone)").matches) return "installed";
  if (offer) return "offered";
  return /iPhone|iPad/.test(navigator.userAgent) ? "by hand" : "impossible";
}
