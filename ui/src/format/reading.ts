/** Numbers as people type them: 1,234.5 · １２００ · 120万 · 1.5亿 · 1亿2000万 · ￥3.5万 · USD 90. */

import { CURRENCIES, currencySign } from "./number";

const POWERS: Record<string, number> = { 百: 2, 千: 3, 万: 4, 亿: 8 };
const TERM = /((?:\d{1,3}(?:[, ]\d{3})+|\d{1,4}(?:,\d{4})+|\d+)(?!\d)(?:\.\d*)?|\.\d+) *([百千]?万?亿?) */gy;
const MARKS: Record<string, string> = {
  元: "CNY",
  ...Object.fromEntries(CURRENCIES.map((code) => [code, code])),
  ...Object.fromEntries([...CURRENCIES].reverse().map((code) => [currencySign(code), code])),
};

/** What may stand before or behind an amount of money. */
export const MONEY_MARKS: readonly string[] = Object.keys(MARKS).sort((one, other) => other.length - one.length);

/**
 * The number that a text says, one of `marks` before or behind it left aside; null when it says nothing, undefined when
 * it can't be read as one number without guessing.
 */
export function readNumber(typed: string, marks: readonly string[] = []): number | null | undefined {
  const text = halfWidth(typed);
  const bare = text.replace(markOf(text, marks) ?? "", "").trim();
  if (!bare) return null;
  const unsigned = bare.replace(/^[-+] */, "");
  const value = sumOf(unsigned);
  return value !== undefined && bare.startsWith("-") ? -value : value;
}

/** What is typed as a number where it can be read, else as it stands: whoever takes it has to refuse it. */
export function typedValue(typed: string, marks: readonly string[] = []): number | string | null {
  const value = readNumber(typed, marks);
  return value === undefined ? typed.trim() : value;
}

/** The currency that is typed beside an amount; null when there is none, or a sign that `chosen` has as well. */
export function typedCurrency(typed: string, chosen: string): string | null {
  const mark = markOf(halfWidth(typed), MONEY_MARKS);
  return mark === undefined || mark === currencySign(chosen) ? null : (MARKS[mark] ?? null);
}

/** The sum of terms such as 1亿 and 2000万, each of a smaller unit than the one before. */
function sumOf(text: string): number | undefined {
  let sum = 0;
  let room = Infinity;
  let read = 0;
  for (const [whole, figures = "", unit = ""] of text.matchAll(TERM)) {
    const power = [...unit].reduce((total, sign) => total + (POWERS[sign] ?? 0), 0);
    const value = Number(`${figures.replace(/[, ]/g, "")}e${power}`);
    if (value >= room || (read > 0 && power === 0)) return undefined;
    sum += value;
    room = power > 0 ? 10 ** power : 0;
    read += whole.length;
  }
  return read > 0 && read === text.length && Number.isFinite(sum) ? sum : undefined;
}

/** The mark that a text begins (a minus may come first) or ends with. */
function markOf(text: string, marks: readonly string[]): string | undefined {
  const unsigned = text.replace(/^[-+] */, "");
  return marks.find((mark) => unsigned.startsWith(mark) || unsigned.endsWith(mark));
}

function halfWidth(typed: string): string {
  return typed
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\uffe5/g, "¥")
    .replace(/\u2212/g, "-")
    .replace(/\u3002/g, ".")
    .replace(/\s/g, " ")
    .trim()
    .toUpperCase();
}
