import { api } from "@/api/client";
import type { Ref } from "@/api/types";
import type { Choice } from "@/palette/actions";

/** The people to whom something can be given, as ⌘K offers them. */
export async function findPeople(q: string, signal: AbortSignal): Promise<Choice[]> {
  const people = await api.get<(Ref & { team: string | null })[]>("/api/users", { q }, signal);
  return people.map(({ id, label, team }) => ({ id, text: label ?? "", hint: team ?? "" }));
}
