import { queryClient } from "./query";

const LATER_MS = 500;

/** Loads ⌘K, the forms and the pages that all come back to ahead, so that they open at once and without a network. */
export function readyForms(): void {
  const parts = [
    import("@/palette/Palette"),
    import("@/records/create/CreatePanel"),
    import("@/outbox/OutboxPanel"),
    import("@/pages/RecordPage"),
    import("@/pages/ObjectPage"),
    import("@/pages/HomePage"),
  ];
  for (const part of parts) part.catch(() => undefined);
}

/** Calls `act` once nothing more urgent is to be done: nothing is being read, and all is drawn. Gives what takes that back. */
export function whenIdle(act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let handle = 0;
  const look = () => {
    if (queryClient.isFetching() > 0) timer = setTimeout(look, LATER_MS);
    else if (!("requestIdleCallback" in window)) act();
    else handle = requestIdleCallback(() => (queryClient.isFetching() > 0 ? look() : act()), { timeout: 5_000 });
  };
  timer = setTimeout(look, LATER_MS);
  return () => {
    clearTimeout(timer);
    if (handle) cancelIdleCallback(handle);
  };
}
