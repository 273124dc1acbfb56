/** Loads ⌘K and the forms ahead, so that they open at once and without a network. */
export function readyForms(): void {
  const parts = [
    import("@/palette/Palette"),
    import("@/records/create/CreatePanel"),
    import("@/outbox/OutboxPanel"),
    import("@/pages/RecordPage"),
    import("@/pages/ObjectPage"),
  ];
  for (const part of parts) part.catch(() => undefined);
}

/** Calls `act` once nothing more urgent is to be done; gives what takes that back. */
export function whenIdle(act: () => void): () => void {
  if (!("requestIdleCallback" in window)) {
    const timer = setTimeout(act, 2_000);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(act, { timeout: 5_000 });
  return () => cancelIdleCallback(handle);
}

/** Settles once the page has shown what was done so far: who pressed something sees that before what it leads to is worked out. */
export function painted(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}
