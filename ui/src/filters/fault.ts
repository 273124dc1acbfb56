import type { ExpressionFault } from "@/api/views";

type Placed = Pick<ExpressionFault, "offset" | "suggestion">;

const AROUND = 60;
const PART = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[\p{L}\p{N}_]+|[=!<>]=?|.)/u;

/** The line of a fault in three parts: before its place, the word there, after it. The server counts whole characters. */
export function faultyPart(text: string, fault: Placed): [string, string, string] {
  const [before, at, after] = split(text, fault);
  const head = before.slice(before.lastIndexOf("\n") + 1);
  const tail = after.split("\n", 1)[0] ?? "";
  const cut = head.length > AROUND ? `…${head.slice(-AROUND)}` : head;
  return [cut, at, tail.length > AROUND ? `${tail.slice(0, AROUND)}…` : tail];
}

/** The text with the faulty word replaced by what was probably meant. */
export function mended(text: string, fault: Placed): string {
  const [before, at, after] = split(text, fault);
  const name = fault.suggestion ?? at;
  if (/^["']/.test(at)) return `${before}"${name}"${after}`;
  return `${before}${/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : `\`${name}\``}${after}`;
}

function split(text: string, { offset }: Placed): [string, string, string] {
  const characters = Array.from(text);
  const before = characters.slice(0, offset).join("");
  const rest = characters.slice(offset).join("");
  const at = PART.exec(rest)?.[0] ?? "";
  return [before, at, rest.slice(at.length)];
}
