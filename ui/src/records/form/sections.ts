import type { Field, ObjectDefinition, Values } from "@/api/types";
import { isVisible } from "@/catalog/condition";
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

/** The sections with what these values let be seen of them; those with nothing are left out. */
export function visibleSections(sections: readonly Section[], values: Values): Section[] {
  return sections
    .map((section) => ({ ...section, fields: section.fields.filter((field) => isVisible(field, values)) }))
    .filter((section) => section.fields.length > 0);
}
