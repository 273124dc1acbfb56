import type { Field, ObjectDefinition, Row, Values } from "@/api/types";
import { isEmptyValue } from "@/fields/kinds";
import { sameValue, toWire } from "@/fields/wire";

export type Picks = Record<string, "kept" | "gone">;

/** The companion column of a money field. */
const currencyOf = (field: Field) => `${field.name}_currency`;

/** The fields in which two records differ. */
export function differing(fields: readonly Field[], one: Row, other: Row): Field[] {
  return fields.filter(
    (field) =>
      !(isEmptyValue(one[field.name]) && isEmptyValue(other[field.name])) &&
      !(
        sameValue(one[field.name], other[field.name]) &&
        (field.type !== "money" || sameValue(one[currencyOf(field)], other[currencyOf(field)]))
      ),
  );
}

/** To begin with, the record that stays keeps its values, and takes the other's where it has none. */
export function firstPicks(fields: readonly Field[], kept: Row, gone: Row): Picks {
  return Object.fromEntries(
    fields.map((field) => [
      field.name,
      isEmptyValue(kept[field.name]) && !isEmptyValue(gone[field.name]) ? "gone" : "kept",
    ]),
  );
}

/** The values that go over, as the server takes them; money goes with its currency. */
export function chosenValues(object: ObjectDefinition, fields: readonly Field[], picks: Picks, gone: Row): Values {
  const taken = fields.filter((field) => picks[field.name] === "gone");
  const values: Values = {};
  for (const field of taken) {
    values[field.name] = gone[field.name] ?? null;
    if (field.type === "money" && !isEmptyValue(gone[field.name])) values[currencyOf(field)] = gone[currencyOf(field)];
  }
  return toWire(object, values);
}
