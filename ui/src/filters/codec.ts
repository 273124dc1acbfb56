/** How a value of the filter builder is written in the expression language, and read back. */

export interface Codec {
  /** A regular expression without groups that matches what `write` gives. */
  pattern: string;
  write: (value: unknown) => string;
  read: (text: string) => unknown;
}

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';

export function quote(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`;
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}

export const text: Codec = {
  pattern: QUOTED,
  write: (value) => quote(String(value ?? "")),
  read: unquote,
};

export const number: Codec = {
  pattern: "-?\\d+(?:\\.\\d+)?",
  write: (value) => String(value),
  read: Number,
};

export const day: Codec = {
  pattern: 'date\\("\\d{4}-\\d{2}-\\d{2}"\\)',
  write: (value) => `date(${quote(String(value))})`,
  read: (written) => written.slice(6, -2),
};

/** An instant, given as a calendar day: its first moment in the viewer's zone. */
export const instant: Codec = {
  pattern: 'datetime\\("[0-9T:.+-]+"\\)',
  write: (value) => `datetime(${quote(startOfDay(String(value)))})`,
  read: (written) => written.slice(10, 20),
};

export const days: Codec = {
  pattern: "\\d+d",
  write: (value) => `${Math.max(0, Math.round(Number(value)))}d`,
  read: (written) => Number(written.slice(0, -1)),
};

export const hours: Codec = {
  pattern: "\\d+h",
  write: (value) => `${Math.max(0, Math.round(Number(value)))}h`,
  read: (written) => Number(written.slice(0, -1)),
};

export const list: Codec = {
  pattern: `\\[${QUOTED}(?:, ${QUOTED})*\\]`,
  write: (value) => `[${(value as string[]).map(quote).join(", ")}]`,
  read: (written) => (written.match(new RegExp(QUOTED, "g")) ?? []).map(unquote),
};

function startOfDay(value: string): string {
  const minutes = -new Date(`${value}T00:00:00`).getTimezoneOffset();
  const sign = minutes < 0 ? "-" : "+";
  const two = (part: number) => String(part).padStart(2, "0");
  const offset = Math.abs(minutes);
  return `${value}T00:00:00${sign}${two(Math.floor(offset / 60))}:${two(offset % 60)}`;
}
