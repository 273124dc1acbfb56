import type { ComponentType } from "react";

import type { Field, FieldType, ObjectDefinition, Row, Values } from "@/api/types";

/** A value shown. `row` is the record it belongs to. */
export interface CellProps {
  object: ObjectDefinition;
  field: Field;
  value: unknown;
  row?: Row;
  /** One line in a list; otherwise there is room for all of it. */
  dense?: boolean;
}

/** A value edited. `onChange` gives what changes in the record: mostly one field, for money also its currency. */
export interface InputProps {
  id: string;
  object: ObjectDefinition;
  field: Field;
  value: unknown;
  values: Values;
  onChange: (changes: Values) => void;
  invalid?: boolean;
  autoFocus?: boolean;
  /** Opens its choices at once: for editing in a list, where that is the next thing done. */
  eager?: boolean;
  disabled?: boolean;
}

export type Family =
  | "text"
  | "number"
  | "money"
  | "percent"
  | "boolean"
  | "date"
  | "duration"
  | "select"
  | "reference"
  | "file"
  | "location"
  | "contact"
  | "json";

const FAMILIES: Record<FieldType, Family> = {
  text: "text",
  long_text: "text",
  auto_number: "text",
  integer: "number",
  decimal: "number",
  money: "money",
  percent: "percent",
  boolean: "boolean",
  date: "date",
  datetime: "date",
  duration: "duration",
  select: "select",
  multi_select: "select",
  reference: "reference",
  references: "reference",
  user: "reference",
  file: "file",
  files: "file",
  signature: "file",
  photo: "file",
  location: "location",
  phone: "contact",
  email: "contact",
  url: "contact",
  formula: "text",
  rollup: "text",
  json: "json",
};

/** The family of field types that shares a cell, an input and a filter. */
export function familyOf(field: Field): Family {
  return FAMILIES[field.stored_type] ?? "text";
}

export type Cells = Record<Family, ComponentType<CellProps>>;
export type Inputs = Record<Family, ComponentType<InputProps>>;

export function isNumeric(field: Field): boolean {
  return ["number", "money", "percent"].includes(familyOf(field));
}

/** Whether the column of a list takes its share of the room that is left: names and free text. */
export function grows(field: Field): boolean {
  return field.stored_type !== "user" && ["text", "reference"].includes(familyOf(field));
}

/** How wide a list makes the column at least, in px. */
export function widthOf(field: Field): number {
  const widths: Record<Family, number> = {
    text: field.stored_type === "long_text" ? 260 : 180,
    number: 100,
    money: 120,
    percent: 96,
    boolean: 96,
    date: 108,
    duration: 110,
    select: field.stored_type === "multi_select" ? 200 : 132,
    reference: field.stored_type === "user" ? 116 : 148,
    file: 120,
    location: 180,
    contact: 170,
    json: 200,
  };
  return widths[familyOf(field)];
}

export function isEmptyValue(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
