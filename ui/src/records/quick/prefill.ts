import type { Child, ObjectDefinition, Row, Values } from "@/api/types";

import { titleOf } from "../summary";

/**
 * What a new child of a record starts with: the pointer, and what parent and child both point to by the same name (an
 * activity of an opportunity belongs to the opportunity's account).
 */
export function prefillOf(parent: ObjectDefinition, row: Row, child: Child, object: ObjectDefinition): Values {
  const found: Values = {};
  for (const field of object.fields) {
    const same = parent.fields.find((one) => one.name === field.name);
    const shared = field.stored_type === "reference" && same?.stored_type === "reference" && same.object === field.object;
    if (shared && !field.system && !field.readonly && row[field.name]) found[field.name] = row[field.name];
  }
  found[child.field] = { id: row.id, label: titleOf(parent, row) };
  return found;
}
