/** The words of an expression, as far as the filter builder reads them. */

export type TokenKind = "name" | "text" | "number" | "span" | "sign";

export interface Token {
  kind: TokenKind;
  /** As the language writes it: `and` for 且, text in double quotes. */
  word: string;
  value?: string | number;
}

/** The Chinese words for and, or, not; and the units of ten thousand and a hundred million. */
const WORDS: Record<string, string> = { "\u4e14": "and", "\u6216": "or", "\u975e": "not" };
const UNITS: Record<string, number> = { "\u4e07": 1e4, "\u4ebf": 1e8 };
const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|“[^”]*”)|`([^`]+)`|(\d+(?:\.\d+)?)(?:([万亿])|([smhdw])(?![\p{L}\p{N}_]))?|([\p{L}_][\p{L}\p{N}_]*)|(==|!=|<=|>=|[<>+\-*/%,.()[\]]))/uy;

/** The tokens of a text; null where there is something the builder doesn't read. */
export function tokenize(text: string): Token[] | null {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (!match) return null;
    tokens.push(tokenOf(match));
  }
  return tokens;
}

function tokenOf([, quoted, ticked, digits, unit, span, name, sign]: RegExpExecArray): Token {
  if (quoted !== undefined) return { kind: "text", word: "", value: unquote(quoted) };
  if (ticked !== undefined) return { kind: "name", word: ticked };
  if (digits !== undefined) {
    if (span) return { kind: "span", word: `${digits}${span}`, value: Number(digits) };
    return { kind: "number", word: digits, value: Number(digits) * (unit ? (UNITS[unit] ?? 1) : 1) };
  }
  if (name !== undefined) return { kind: "name", word: WORDS[name] ?? name };
  return { kind: "sign", word: sign ?? "" };
}

/** A text as the language writes it. */
export function quote(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`;
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
