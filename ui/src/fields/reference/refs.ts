import type { Ref } from "@/api/types";

/** A reference's value as a list: ids and expanded references alike. */
export function refsOf(value: unknown): Ref[] {
  const items = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => {
    if (typeof item === "string" && item) return [{ id: item, label: null }];
    return isRef(item) ? [item] : [];
  });
}

export function isRef(value: unknown): value is Ref {
  return typeof value === "object" && value !== null && "id" in value;
}
