import { onlineManager, type QueryClient } from "@tanstack/react-query";

/**
 * After a write: reads everything on screen again, since figures of other records may rest on the one written.
 *
 * Resolves when that is read; without a network at once, as reading then waits for it.
 */
export async function spoilRecords(client: QueryClient): Promise<void> {
  const read = client.invalidateQueries({ queryKey: ["records"] });
  if (navigator.onLine) await untilOffline(read);
}

/** Waits for `work`, as long as there is a network. */
function untilOffline(work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      ignore();
      resolve();
    };
    const ignore = onlineManager.subscribe((online) => online || end());
    work.then(end, end);
  });
}
