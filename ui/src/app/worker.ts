import { useSyncExternalStore } from "react";

/** The service worker from the page's side: registering it, and noticing that a newer page is ready. */

const LOOK_EVERY_MS = 30 * 60_000;

/** Changes this tab to the newer page; null while there is none. */
let change: (() => void) | null = null;
let asked = false;
const watchers = new Set<() => void>();

/** Registers the worker where there can be one (HTTPS or this machine); the page works without it. */
export function startWorker(): void {
  window.addEventListener("vite:preloadError", () => {
    if (navigator.onLine) offer(() => location.reload());
  });
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (asked) location.reload();
  });
  navigator.serviceWorker
    .register("/sw.js")
    .then((registration: ServiceWorkerRegistration | undefined) => registration && follow(registration))
    .catch(() => undefined);
}

/** What changes to a newer page; null while this is the newest. */
export function useNewerPage(): (() => void) | null {
  return useSyncExternalStore(
    (notify) => {
      watchers.add(notify);
      return () => watchers.delete(notify);
    },
    () => change,
  );
}

function offer(act: () => void): void {
  change = act;
  for (const notify of watchers) notify();
}

/** Forgets what was read for offline use. */
export function forgetReads(): void {
  if ("caches" in globalThis) void caches.delete("chengdan-reads").catch(() => undefined);
  navigator.serviceWorker?.controller?.postMessage({ type: "forget" });
}

function follow(registration: ServiceWorkerRegistration): void {
  const look = () => {
    if (registration.waiting && navigator.serviceWorker.controller) void consider(registration.waiting);
  };
  look();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
  const update = () => void registration.update().catch(() => undefined);
  setInterval(update, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") update();
  });
}

/** A worker that waits: where this page is of its edition already it just takes over, else the viewer is asked. */
async function consider(worker: ServiceWorker): Promise<void> {
  if (await isOf(worker)) {
    worker.postMessage({ type: "take over" });
    return;
  }
  offer(() => {
    asked = true;
    worker.postMessage({ type: "take over" });
  });
}

function isOf(worker: ServiceWorker): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  const script = own ? new URL(own.src).pathname : "";
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (message: MessageEvent<boolean>) => resolve(message.data);
    worker.postMessage({ type: "same?", script }, [port2]);
  });
}
