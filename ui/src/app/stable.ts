import { useCallback, useLayoutEffect, useRef } from "react";

/** The same function each time, that does what the last one given would. For what is pressed, not while drawing. */
export function useStable<Args extends unknown[], Result>(work: (...args: Args) => Result): (...args: Args) => Result {
  const latest = useRef(work);
  useLayoutEffect(() => {
    latest.current = work;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}
