import { useQuery } from "@tanstack/react-query";

import { keys, records } from "@/api/records";
import { useCatalog } from "@/catalog/catalog";

/** The title of a record of which only the id is known; the id's beginning where it can't be read. */
export function RecordName({ object, id }: { object: string; id: string }) {
  const definition = useCatalog().objects[object];
  const { data, isPending } = useQuery({
    queryKey: [...keys.one(object, id), "name"],
    queryFn: ({ signal }) => records.get(object, id, "", signal),
    enabled: Boolean(definition),
    staleTime: 5 * 60_000,
  });
  const title = definition && data?.[definition.title];
  return <span className="cut">{title ? String(title) : isPending && definition ? "…" : id.slice(0, 8)}</span>;
}
