import { operatorsOf } from "./operators";
import { reach, reachChildren, type Scope, variableFor } from "./scope";

/** A comparison of a field. The value is null until it is filled in. */
export interface Condition {
  kind: "condition";
  path: string[];
  operator: string;
  value: unknown;
}

/** Whether there are children for which the conditions of `group` hold, or with `some` false that there are none. */
export interface Children {
  kind: "children";
  path: string[];
  some: boolean;
  group: Group;
}

/** Conditions of which all must hold, or one. */
export interface Group {
  kind: "group";
  join: "and" | "or";
  items: Item[];
}

export type Item = Condition | Children | Group;

/** How deep groups may lie in one another. */
export const MAX_DEPTH = 3;

export const EMPTY_GROUP: Group = { kind: "group", join: "and", items: [] };

/** The expression of an item; null while it is not complete. Incomplete parts of a group are left out. */
export function writeItem(item: Item, scope: Scope): string | null {
  switch (item.kind) {
    case "condition":
      return writeCondition(item, scope);
    case "children":
      return writeChildren(item, scope);
    case "group":
      return writeGroup(item, scope) || null;
  }
}

export function writeGroup(group: Group, scope: Scope): string {
  const parts = group.items.flatMap((item) => {
    const text = writeItem(item, scope);
    return text ? [{ text, loose: isLoose(item, scope) }] : [];
  });
  const [only] = parts;
  if (parts.length <= 1) return only?.text ?? "";
  return parts.map(({ text, loose }) => (loose ? `(${text})` : text)).join(` ${group.join} `);
}

/** Whether a text must stand in brackets inside a group. */
function isLoose(item: Item, scope: Scope): boolean {
  if (item.kind === "group") return item.items.filter((one) => writeItem(one, scope)).length > 1 || someLoose(item, scope);
  return item.kind === "condition" && formOf(item, scope)?.template.includes(" and ") === true;
}

function someLoose(group: Group, scope: Scope): boolean {
  return group.items.some((item) => isLoose(item, scope));
}

function formOf(item: Condition, scope: Scope) {
  const found = reach(scope, scope.variable ? [scope.variable, ...item.path] : item.path);
  return found ? operatorsOf(found.field.stored_type).find((one) => one.id === item.operator) : undefined;
}

function writeCondition(item: Condition, scope: Scope): string | null {
  const operator = formOf(item, scope);
  if (!operator || (operator.codec && isMissing(item.value))) return null;
  const value = operator.codec ? operator.codec.write(item.value) : "";
  const field = (scope.variable ? [scope.variable, ...item.path] : item.path).join(".");
  return operator.template.replace(/\b[FV]\b/g, (slot) => (slot === "F" ? field : value));
}

function writeChildren(item: Children, scope: Scope): string | null {
  const found = reachChildren(scope, item.path);
  if (!found) return null;
  const variable = variableFor(scope.object, found.object);
  const condition = writeGroup(item.group, { catalog: scope.catalog, object: found.object, variable });
  const list = item.path.join(".");
  const text = condition ? `exists(${list}, ${variable}, ${condition})` : `exists(${list})`;
  return item.some ? text : `not ${text}`;
}

export function isMissing(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
