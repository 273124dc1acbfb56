/** How a value of the filter builder is written in the expression language, and read back. */

import { startOfDay } from "@/format/today";

import { quote, type Token } from "./tokens";

export { quote };

interface Taken {
  value: unknown;
  /** The place of the first token after it. */
  next: number;
}

export interface Codec {
  write: (value: unknown) => string;
  /** The value that starts at this token; null where there is none of this kind. */
  take: (tokens: readonly Token[], at: number) => Taken | null;
}

export const text: Codec = {
  write: (value) => quote(String(value ?? "")),
  take: (tokens, at) => (tokens[at]?.kind === "text" ? { value: tokens[at].value, next: at + 1 } : null),
};

export const number: Codec = {
  write: (value) => String(value),
  take: (tokens, at) => {
    const minus = tokens[at]?.word === "-" ? 1 : 0;
    const token = tokens[at + minus];
    if (token?.kind !== "number") return null;
    return { value: minus ? -Number(token.value) : token.value, next: at + minus + 1 };
  },
};

/** A date or an instant that is written out: `date("2026-03-01")`. */
function written(name: string, write: (day: string) => string): Codec {
  return {
    write: (value) => `${name}(${quote(write(String(value)))})`,
    take: (tokens, at) => {
      const inner = tokens[at + 2];
      if (tokens[at]?.word !== name || tokens[at + 1]?.word !== "(" || tokens[at + 3]?.word !== ")") return null;
      return inner?.kind === "text" ? { value: String(inner.value).slice(0, 10), next: at + 4 } : null;
    },
  };
}

export const day = written("date", (value) => value);

/** An instant, given as a calendar day: its first moment in the viewer's zone. */
export const instant = written("datetime", beginning);

function span(unit: string): Codec {
  return {
    write: (value) => `${Math.max(0, Math.round(Number(value)))}${unit}`,
    take: (tokens, at) => {
      const token = tokens[at];
      return token?.kind === "span" && token.word.endsWith(unit) ? { value: token.value, next: at + 1 } : null;
    },
  };
}

export const days = span("d");
export const hours = span("h");

export const list: Codec = {
  write: (value) => `[${(value as string[]).map(quote).join(", ")}]`,
  take: (tokens, at) => {
    if (tokens[at]?.word !== "[") return null;
    const values: unknown[] = [];
    for (let place = at + 1; ; place += 2) {
      if (tokens[place]?.kind !== "text") return null;
      values.push(tokens[place]?.value);
      const after = tokens[place + 1]?.word;
      if (after === "]") return { value: values, next: place + 2 };
      if (after !== ",") return null;
    }
  },
};

/** One value where the builder shows a list of them. */
export const single: Codec = {
  write: (value) => quote(String((value as string[])[0] ?? "")),
  take: (tokens, at) => (tokens[at]?.kind === "text" ? { value: [tokens[at].value], next: at + 1 } : null),
};

function beginning(value: string): string {
  const minutes = Math.round((Date.parse(`${value}T00:00:00Z`) - startOfDay(value).valueOf()) / 60_000);
  const sign = minutes < 0 ? "-" : "+";
  const two = (part: number) => String(part).padStart(2, "0");
  const offset = Math.abs(minutes);
  return `${value}T00:00:00${sign}${two(Math.floor(offset / 60))}:${two(offset % 60)}`;
}
