import type { Field, ObjectDefinition } from "@/api/types";
import type { Say } from "@/catalog/label";

export interface Section {
  name: string;
  title: string;
  fields: Field[];
}

/** Fields in the sections that the object declares; those without one come first if there are no sections, else last. */
export function sectionsOf(object: ObjectDefinition, fields: readonly Field[], say: Say, rest: string): Section[] {
  const known = object.sections.map((section) => ({
    name: section.name,
    title: say(section.label),
    fields: fields.filter((field) => field.section === section.name),
  }));
  const named = new Set(object.sections.map((section) => section.name));
  const loose = fields.filter((field) => !field.section || !named.has(field.section));
  const all = [...known, { name: "", title: known.length > 0 ? rest : "", fields: loose }];
  return all.filter((section) => section.fields.length > 0);
}
