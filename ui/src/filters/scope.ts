import type { Catalog, Child, Field, ObjectDefinition } from "@/api/types";
import { fieldOf, isReference, targetOf } from "@/catalog/catalog";

import { operatorsOf } from "./operators";

/** Where a condition stands: about a record of an object, or about a child that goes by the name `variable`. */
export interface Scope {
  catalog: Catalog;
  object: ObjectDefinition;
  variable?: string;
}

/** A field that conditions can be about, reached through references. */
export interface Reached {
  /** Api names from the scope's record on. */
  path: string[];
  object: ObjectDefinition;
  field: Field;
  /** The references on the way. */
  via: Field[];
}

export interface ReachedChildren {
  path: string[];
  child: Child;
  object: ObjectDefinition;
  via: Field[];
}

const REFERENCES = ["reference", "user"];

/** What a path leads to, by api names or labels; null for what the builder doesn't know. */
export function reach(scope: Scope, path: readonly string[]): Reached | null {
  const names = scope.variable ? (path[0] === scope.variable ? path.slice(1) : []) : path;
  if (names.length === 0 || (scope.variable && names.length > 1)) return null;
  const way = walk(scope, names.slice(0, -1));
  const field = way && named(way.object, names.at(-1) ?? "");
  if (!way || !field || operatorsOf(field.stored_type).length === 0) return null;
  return { path: [...way.path, field.name], object: way.object, field, via: way.via };
}

/** The list of children that a path leads to. */
export function reachChildren(scope: Scope, path: readonly string[]): ReachedChildren | null {
  if (scope.variable || path.length === 0) return null;
  const way = walk(scope, path.slice(0, -1));
  const last = path.at(-1) ?? "";
  const child = way?.object.children.find(
    (one) => one.name === last || one.label.zh === last || one.label.en === last,
  );
  const object = child && scope.catalog.objects[child.object];
  return way && child && object ? { path: [...way.path, child.name], child, object, via: way.via } : null;
}

function walk(scope: Scope, names: readonly string[]): { path: string[]; object: ObjectDefinition; via: Field[] } | null {
  let object = scope.object;
  const path: string[] = [];
  const via: Field[] = [];
  for (const name of names) {
    const field = named(object, name);
    const next = field && REFERENCES.includes(field.stored_type) ? scope.catalog.objects[targetOf(field)] : undefined;
    if (!field || !next) return null;
    object = next;
    path.push(field.name);
    via.push(field);
  }
  return { path, object, via };
}

function named(object: ObjectDefinition, name: string): Field | null {
  return (
    fieldOf(object, name) ?? object.fields.find((field) => field.label.zh === name || field.label.en === name) ?? null
  );
}

/** The fields that the builder offers: the record's own, and those of the records it refers to. */
export function offered(scope: Scope): { via: Field | null; object: ObjectDefinition; fields: Field[] }[] {
  const filterable = (object: ObjectDefinition) =>
    object.fields.filter((field) => operatorsOf(field.stored_type).length > 0);
  const own = { via: null, object: scope.object, fields: filterable(scope.object) };
  if (scope.variable) return [own];
  const related = scope.object.fields
    .filter((field) => isReference(field) && REFERENCES.includes(field.stored_type) && !field.system)
    .flatMap((field) => {
      const object = scope.catalog.objects[targetOf(field)];
      return object ? [{ via: field, object, fields: filterable(object).filter((one) => !one.system) }] : [];
    });
  return [own, ...related];
}

/** A name for a child in its condition: none that is a field's, of the record or of the child. */
export function variableFor(object: ObjectDefinition, child: ObjectDefinition): string {
  const taken = (name: string) => [object, child].some((one) => one.name === name || fieldOf(one, name));
  return ["c", "x", "item", "one"].find((name) => !taken(name)) ?? "item_1";
}
