import { type RefObject } from "react";

import { useHotkeys } from "@/app/hotkeys";

const ITEM = "li[data-item]";

/** Walks through the things to do by j and k, and ticks one off by x; the focus itself moves, so Enter opens it. */
export function useAgendaKeys(place: RefObject<HTMLElement | null>): void {
  const items = () => [...(place.current?.querySelectorAll<HTMLElement>(ITEM) ?? [])];
  const here = () => items().findIndex((item) => item.contains(document.activeElement));
  const focus = (item: HTMLElement | undefined) => {
    item?.querySelector<HTMLElement>("a")?.focus();
    item?.scrollIntoView({ block: "nearest" });
  };
  const step = (by: number) => (event: KeyboardEvent) => {
    const all = items();
    event.preventDefault();
    focus(all[Math.max(0, Math.min(all.length - 1, here() + by))]);
  };
  useHotkeys({
    j: step(1),
    k: step(-1),
    x: () => {
      const all = items();
      const at = here();
      all[at]?.querySelector<HTMLElement>('[role="checkbox"]')?.click();
      if (at >= 0) focus(all[at + 1] ?? all[at - 1]);
    },
  });
}
