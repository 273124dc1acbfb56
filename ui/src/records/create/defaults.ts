import dayjs from "dayjs";

import type { Field, User, Values } from "@/api/types";
import { today } from "@/format/today";

/**
 * The values a form starts with, from the fields' `default` expressions.
 *
 * Only the plain ones are worked out here, so that people see them: texts, numbers, yes and no, `me`, `today()`,
 * `now()`. The server fills in the rest.
 */
export function defaultsOf(fields: readonly Field[], viewer: User): Values {
  const found: Values = {};
  for (const field of fields) {
    const value = defaultOf(field.default ?? "", viewer);
    if (value !== undefined) found[field.name] = value;
  }
  return found;
}

function defaultOf(expression: string, viewer: User): unknown {
  const text = expression.trim();
  if (text === "me") return { id: viewer.id, label: viewer.name };
  if (text === "today()") return today().format("YYYY-MM-DD");
  if (text === "now()") return dayjs().second(0).millisecond(0).toISOString();
  if (/^("(?:[^"\\]|\\.)*"|-?\d+(\.\d+)?|true|false)$/.test(text)) return JSON.parse(text) as unknown;
  return undefined;
}
