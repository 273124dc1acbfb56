import { queryOptions } from "@tanstack/react-query";

import { type AggregateQuery, type Aggregated, keys, records } from "@/api/records";

const RENEWED_MS = 2_000;

/** Figures over all records that a query finds; asked for again as long as the server is working out newer ones. */
export const sumsQuery = (object: string, request: AggregateQuery) =>
  queryOptions({
    queryKey: keys.sums(object, request),
    queryFn: async ({ client, queryKey }) =>
      unlessOlder(client.getQueryData<Aggregated>(queryKey), await records.aggregate(object, request)),
    refetchInterval: ({ state }) => (state.data?.renewing ? RENEWED_MS : false),
  });

/** The answer; but what is known already where the server has still the same one, on top of which the page worked on. */
export function unlessOlder(known: Aggregated | undefined, answer: Aggregated): Aggregated {
  return answer.renewing && known?.at === answer.at ? { ...known, renewing: true } : answer;
}
