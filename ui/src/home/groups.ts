import dayjs from "dayjs";

import type { Field, Option } from "@/api/types";

import type { Group } from "./answer";

/** Groups as they are drawn: months one after the other without gaps, stages `inOrder` of their options, the rest by size. */
export function arranged(
  groups: readonly Group[],
  field: Field,
  options: readonly Option[],
  inOrder: boolean,
): Group[] {
  if (field.stored_type === "date") return months(groups);
  if (field.stored_type !== "select" || !inOrder) return [...groups].sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const places = new Map(options.map((option, index) => [option.value, index]));
  const place = (group: Group) => places.get(String(group.key)) ?? options.length;
  return [...groups].sort((a, b) => place(a) - place(b));
}

function months(groups: readonly Group[]): Group[] {
  const dated = groups.filter((group) => typeof group.key === "string");
  const keys = dated.map((group) => String(group.key)).sort();
  const [first, last] = [keys[0], keys.at(-1)];
  if (!first || !last) return [];
  const known = new Map(dated.map((group) => [group.key, group]));
  const found: Group[] = [];
  for (let month = dayjs(first); !month.isAfter(last); month = month.add(1, "month")) {
    const key = month.format("YYYY-MM-DD");
    found.push(known.get(key) ?? { key, label: null, count: 0, value: 0 });
  }
  return found;
}
