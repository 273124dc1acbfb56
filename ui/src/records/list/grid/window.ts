import { type RefObject, startTransition, useCallback, useEffect, useState } from "react";

const OVERSCAN = 12;
const STEP = 6;

export interface Window {
  /** The lines to draw: from this one … */
  from: number;
  /** … to before this one. */
  to: number;
  /** Whether it is wider than there is room for. */
  wide: boolean;
  /** Scrolls a line into view. */
  show: (line: number) => void;
}

/**
 * Which lines of a long list are drawn: those in view and some around them. All lines are `height` px high.
 *
 * @param head how much of the scrolling element's top a sticky head covers, in px
 * @param foot the same at its bottom
 */
export function useWindow(
  place: RefObject<HTMLElement | null>,
  count: number,
  height: number,
  head: number,
  foot: number,
): Window {
  const [view, setView] = useState(() => ({ first: 0, size: Math.ceil(window.innerHeight / height), wide: false }));
  const [around, setAround] = useState(0);
  useEffect(() => startTransition(() => setAround(OVERSCAN)), []);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const look = () => {
      const first = Math.floor(element.scrollTop / height / STEP) * STEP;
      const size = Math.ceil(element.clientHeight / height) + STEP;
      const wide = element.scrollWidth > element.clientWidth;
      setView((now) => (now.first === first && now.size === size && now.wide === wide ? now : { first, size, wide }));
    };
    element.addEventListener("scroll", look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      resized.disconnect();
    };
  }, [place, height]);
  const show = useCallback(
    (line: number) => {
      const element = place.current;
      if (!element) return;
      const top = line * height;
      const room = element.clientHeight - head - foot;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + height > element.scrollTop + room) element.scrollTop = top + height - room;
    },
    [place, height, head, foot],
  );
  const from = Math.max(0, Math.min(view.first - around, count - view.size));
  return { from, to: Math.min(count, view.first + view.size + around), wide: view.wide, show };
}
