import type { Field, ImportPreview, ObjectDefinition, SavedMapping } from "@/api/types";
import { isWritable } from "@/catalog/catalog";

/** Which field each column goes to, and how rows find the record they update. */
export interface ImportChoice {
  mapping: Record<string, string | null>;
  key: string | null;
  name: string;
  overrideReason: string;
}

/** What to begin with: the server's suggestions, and a unique field as the key where one is mapped. */
export function firstChoice(preview: ImportPreview, object: ObjectDefinition): ImportChoice {
  const mapping = Object.fromEntries(preview.columns.map((column) => [column.name, column.suggested]));
  return { mapping, key: uniqueOf(mapping, object), name: "", overrideReason: "" };
}

/** A saved mapping laid over the columns of this file; columns it doesn't know keep the suggestion. */
export function withSaved(preview: ImportPreview, object: ObjectDefinition, saved: SavedMapping): ImportChoice {
  const mapping = Object.fromEntries(
    preview.columns.map((column) => [
      column.name,
      column.name in saved.mapping ? (saved.mapping[column.name] ?? null) : column.suggested,
    ]),
  );
  return { mapping, key: saved.key ?? uniqueOf(mapping, object), name: saved.name, overrideReason: "" };
}

function uniqueOf(mapping: Record<string, string | null>, object: ObjectDefinition): string | null {
  const used = new Set(Object.values(mapping));
  return object.fields.find((field) => field.unique && used.has(field.name))?.name ?? null;
}

/** The fields that a column may go to. */
export function importable(object: ObjectDefinition): Field[] {
  const files = ["file", "files", "signature", "photo"];
  return object.fields.filter((field) => isWritable(field) && !files.includes(field.stored_type));
}

/** Fields that two columns claim: only one of them can win, so neither may. */
export function claimedTwice(mapping: Record<string, string | null>): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const field of Object.values(mapping)) {
    if (field && seen.has(field)) twice.add(field);
    if (field) seen.add(field);
  }
  return [...twice];
}

/** The required fields that no column fills. */
export function unmapped(object: ObjectDefinition, mapping: Record<string, string | null>): Field[] {
  const used = new Set(Object.values(mapping));
  return object.fields.filter((field) => field.required && isWritable(field) && !used.has(field.name));
}
