import { api, address } from "@/api/client";
import { records } from "@/api/records";

export type Format = "xlsx" | "csv";

/** Which records, and which of their fields (empty: all). */
export interface ExportRequest {
  object: string;
  view?: string;
  filter?: string;
  q?: string;
  sort?: string;
  archived?: boolean;
  fields: string[];
  format: Format;
}

/** Lists up to here come as one answer; longer ones are made in the background. */
export const AT_ONCE = 5_000;

/** How many records there will be; null where only the export itself can tell. */
export async function countOf({ object, view, filter, q, archived }: ExportRequest): Promise<number | null> {
  if (q?.trim() || archived) return null;
  const { rows } = await records.aggregate(object, { group_by: [], measures: [{ fn: "count" }], view, filter });
  return Number(rows[0]?.count ?? 0);
}

/** The address of the file, for a list that is short. */
export function fileAddress({ object, fields, ...query }: ExportRequest): string {
  return address(`/api/records/${object}/export`, { ...query, fields: fields.join(",") });
}

export const startExport = ({ object, format, fields, view, filter, q, sort, archived }: ExportRequest) =>
  api.post<{ job: string }>(`/api/records/${object}/export`, {
    format,
    fields,
    view: view ?? "",
    filter: filter ?? "",
    q: q ?? "",
    sort: sort ?? "",
    archived: archived ?? false,
  });
