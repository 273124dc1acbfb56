import { useQuery } from "@tanstack/react-query";

import { api } from "@/api/client";
import type { Ref } from "@/api/types";

/** People whose name or log-in holds what was typed. */
export function usePeople(q: string, enabled: boolean): Ref[] {
  const { data } = useQuery({
    queryKey: ["people", q],
    queryFn: ({ signal }) => api.get<Ref[]>("/api/users", { q, limit: 20 }, signal),
    enabled,
    staleTime: 60_000,
    placeholderData: (before) => before,
  });
  return data ?? [];
}
