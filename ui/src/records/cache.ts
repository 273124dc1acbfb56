import type { QueryClient } from "@tanstack/react-query";

/** After a write: reads everything on screen again, since figures of other records may rest on the one written. */
export function spoilRecords(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: ["records"] });
}
