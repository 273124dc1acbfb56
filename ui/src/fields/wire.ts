import type { ObjectDefinition, Values } from "@/api/types";
import { isReference } from "@/catalog/catalog";

import { isRef } from "./reference/refs";

/** Values as the server takes them: expanded references become ids. */
export function toWire(object: ObjectDefinition, values: Values): Values {
  const wire: Values = {};
  for (const [name, value] of Object.entries(values)) {
    const field = object.fields.find((candidate) => candidate.name === name);
    wire[name] = field && isReference(field) ? bare(value) : value;
  }
  return wire;
}

/** Whether two values of a field mean the same to the server. */
export function sameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(bare(one) ?? null) === JSON.stringify(bare(other) ?? null);
}

/** Values with every expanded reference as its id. */
export function bareValues(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, bare(value)]));
}

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  return isRef(value) ? value.id : value;
}
