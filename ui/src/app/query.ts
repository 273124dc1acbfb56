import { QueryClient } from "@tanstack/react-query";

import { ApiError } from "@/api/client";

/**
 * Reads are kept for half a minute (live events spoil them earlier) and tried again only when the network failed.
 *
 * Without a network they are still asked for: the service worker may have what was seen last. A write fails at once then.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "offlineFirst",
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < 2 && error instanceof ApiError && error.status === 0,
    },
    mutations: { networkMode: "always", retry: false },
  },
});
