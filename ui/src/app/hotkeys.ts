import { useLayoutEffect, useRef } from "react";

export type Hotkeys = Record<string, (event: KeyboardEvent) => void>;

const bound = new Set<{ current: Hotkeys }>();

/** The keys that do something on what is shown now. */
export function boundKeys(): string[] {
  return [...new Set([...bound].flatMap((keys) => Object.keys(keys.current)))];
}

/**
 * Binds keys of the page while the component is shown, from its first sight: `k`, `/`, `Enter`, `mod+k` (⌘ or Ctrl).
 *
 * Plain keys are left alone while a person types or an overlay is open.
 */
export function useHotkeys(keys: Hotkeys, enabled = true): void {
  const latest = useRef(keys);
  useLayoutEffect(() => {
    latest.current = keys;
  });
  useLayoutEffect(() => {
    if (!enabled) return;
    const press = (event: KeyboardEvent) => {
      const mod = event.metaKey || event.ctrlKey;
      if (event.isComposing || (event.altKey && !mod)) return;
      const handle = latest.current[mod ? `mod+${event.key.toLowerCase()}` : event.key];
      if (!handle || (!mod && (isTyping(event.target) || overlayOpen()))) return;
      handle(event);
    };
    window.addEventListener("keydown", press);
    bound.add(latest);
    return () => {
      window.removeEventListener("keydown", press);
      bound.delete(latest);
    };
  }, [enabled]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

function overlayOpen(): boolean {
  return document.querySelector('[role="dialog"]:not([aria-hidden="true"])') !== null;
}
