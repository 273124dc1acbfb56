import type { FieldType } from "@/api/types";

import { type Codec, day, days, hours, instant, list, number, single, text } from "./codec";

/** What the builder asks for beside the operator. */
export type ValueKind = "none" | "text" | "number" | "day" | "days" | "hours" | "options" | "record";

/** A way to write a comparison: `template` holds F for the field and V for the value. */
export interface Form {
  template: string;
  codec?: Codec;
}

/** One comparison. It is written in its own form; the others are read as well. */
export interface Operator extends Form {
  id: string;
  value: ValueKind;
  others?: Form[];
}

const none = (id: string, template: string, ...others: string[]): Operator => ({
  id,
  template,
  value: "none",
  others: others.map((one) => ({ template: one })),
});

const EMPTY = [none("empty", "F == null", "is_empty(F)"), none("filled", "F != null", "not is_empty(F)")];

const TEXT: Operator[] = [
  { id: "contains", template: "contains(F, V)", codec: text, value: "text" },
  { id: "lacks", template: "not contains(F, V)", codec: text, value: "text" },
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
  { id: "differs", template: "F != V", codec: number, value: "number" },
  ...EMPTY,
];

const BOOLEAN: Operator[] = [none("yes", "F == true", "F"), none("no", "F != true", "not F", "F == false")];

/** Spans of the calendar for a day D: F itself for a date, its day for an instant. */
function spans(day: string): Operator[] {
  const within = (id: string, start: string, next: string, ...others: string[]) =>
    none(id, `${day} >= ${start} and ${day} < ${next}`, ...others);
  return [
    none("today", `${day} == today()`),
    within("thisWeek", "start_of_week(today())", "start_of_week(today()) + 7d"),
    within("thisMonth", "start_of_month(today())", "add_months(start_of_month(today()), 1)"),
    within("thisQuarter", "start_of_quarter(today())", "add_months(start_of_quarter(today()), 3)"),
    within("thisYear", "start_of_year(today())", "add_months(start_of_year(today()), 12)", "year(F) == year(today())"),
    within("lastMonth", "add_months(start_of_month(today()), -1)", "start_of_month(today())"),
  ];
}

const DATE: Operator[] = [
  ...spans("F"),
  { id: "nextDays", template: "F >= today() and F <= today() + V", codec: days, value: "days" },
  { id: "lastDays", template: "F <= today() and F >= today() - V", codec: days, value: "days" },
  {
    id: "olderThan",
    template: "F < today() - V",
    codec: days,
    value: "days",
    others: [{ template: "today() - F > V", codec: days }],
  },
  none("past", "F < today()"),
  { id: "on", template: "F == V", codec: day, value: "day" },
  { id: "before", template: "F < V", codec: day, value: "day" },
  { id: "after", template: "F > V", codec: day, value: "day" },
  ...EMPTY,
];

const DATETIME: Operator[] = [
  ...spans("date(F)"),
  {
    id: "lastDays",
    template: "F >= now() - V",
    codec: days,
    value: "days",
    others: ["F > now() - V", "now() - F < V", "now() - F <= V"].map((template) => ({ template, codec: days })),
  },
  {
    id: "olderThan",
    template: "F < now() - V",
    codec: days,
    value: "days",
    others: [{ template: "now() - F > V", codec: days }],
  },
  {
    id: "olderThanHours",
    template: "F < now() - V",
    codec: hours,
    value: "hours",
    others: [{ template: "now() - F > V", codec: hours }],
  },
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
  { id: "anyOf", template: "F in V", codec: list, value: "options", others: [{ template: "F == V", codec: single }] },
  {
    id: "noneOf",
    template: "F not in V",
    codec: list,
    value: "options",
    others: [
      { template: "F != V", codec: single },
      { template: "not (F in V)", codec: list },
      { template: "not F in V", codec: list },
    ],
  },
  ...EMPTY,
];

const MULTI: Operator[] = [
  { id: "has", template: "F.has(V)", codec: text, value: "text", others: [{ template: "has(F, V)", codec: text }] },
  { id: "hasNot", template: "not F.has(V)", codec: text, value: "text" },
  ...EMPTY,
];

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

export const FILTERABLE = Object.keys(BY_TYPE) as FieldType[];
