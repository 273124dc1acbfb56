import type { FieldType } from "@/api/types";

import { type Codec, day, days, hours, instant, list, number, text } from "./codec";

/** What the builder asks for beside the operator. */
export type ValueKind = "none" | "text" | "number" | "day" | "days" | "hours" | "options" | "record";

/** One comparison: `template` holds F for the field and V for the value. */
export interface Operator {
  id: string;
  template: string;
  codec?: Codec;
  value: ValueKind;
}

const none = (id: string, template: string): Operator => ({ id, template, value: "none" });

const EMPTY = [none("empty", "F == null"), none("filled", "F != null")];

const TEXT: Operator[] = [
  { id: "contains", template: "contains(F, V)", codec: text, value: "text" },
  { id: "is", template: "F == V", codec: text, value: "text" },
  { id: "isNot", template: "F != V", codec: text, value: "text" },
  { id: "startsWith", template: "starts_with(F, V)", codec: text, value: "text" },
  ...EMPTY,
];

const NUMBER: Operator[] = [
  { id: "atLeast", template: "F >= V", codec: number, value: "number" },
  { id: "atMost", template: "F <= V", codec: number, value: "number" },
  { id: "above", template: "F > V", codec: number, value: "number" },
  { id: "below", template: "F < V", codec: number, value: "number" },
  { id: "equals", template: "F == V", codec: number, value: "number" },
  ...EMPTY,
];

const BOOLEAN: Operator[] = [none("yes", "F == true"), none("no", "F != true")];

const DATE: Operator[] = [
  none("thisMonth", "F >= start_of_month(today()) and F < add_months(start_of_month(today()), 1)"),
  none("thisWeek", "F >= start_of_week(today()) and F < start_of_week(today()) + 7d"),
  { id: "nextDays", template: "F >= today() and F <= today() + V", codec: days, value: "days" },
  { id: "lastDays", template: "F <= today() and F >= today() - V", codec: days, value: "days" },
  none("past", "F < today()"),
  { id: "on", template: "F == V", codec: day, value: "day" },
  { id: "before", template: "F < V", codec: day, value: "day" },
  { id: "after", template: "F > V", codec: day, value: "day" },
  ...EMPTY,
];

const DATETIME: Operator[] = [
  { id: "lastDays", template: "F >= now() - V", codec: days, value: "days" },
  { id: "olderThan", template: "F < now() - V", codec: days, value: "days" },
  { id: "before", template: "F < V", codec: instant, value: "day" },
  { id: "after", template: "F >= V", codec: instant, value: "day" },
  ...EMPTY,
];

const DURATION: Operator[] = [
  { id: "above", template: "F > V", codec: hours, value: "hours" },
  { id: "below", template: "F < V", codec: hours, value: "hours" },
  ...EMPTY,
];

const SELECT: Operator[] = [
  { id: "anyOf", template: "F in V", codec: list, value: "options" },
  { id: "noneOf", template: "F not in V", codec: list, value: "options" },
  ...EMPTY,
];

const MULTI: Operator[] = [{ id: "has", template: "F.has(V)", codec: text, value: "text" }, ...EMPTY];

const RECORD: Operator[] = [
  { id: "isRecord", template: "F == V", codec: text, value: "record" },
  { id: "isNotRecord", template: "F != V", codec: text, value: "record" },
  ...EMPTY,
];

const PERSON: Operator[] = [none("me", "F == me"), none("notMe", "F != me"), ...RECORD];

const BY_TYPE: Partial<Record<FieldType, Operator[]>> = {
  text: TEXT,
  long_text: TEXT,
  phone: TEXT,
  email: TEXT,
  url: TEXT,
  auto_number: TEXT,
  integer: NUMBER,
  decimal: NUMBER,
  money: NUMBER,
  percent: NUMBER,
  boolean: BOOLEAN,
  date: DATE,
  datetime: DATETIME,
  duration: DURATION,
  select: SELECT,
  multi_select: MULTI,
  reference: RECORD,
  user: PERSON,
};

/** The comparisons a value of this type offers; none for types that expressions do not see. */
export function operatorsOf(type: FieldType): Operator[] {
  return BY_TYPE[type] ?? [];
}
