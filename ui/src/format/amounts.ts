import { currencySign, formatMoney, formatNumber, formatShort, formatShortMoney, toNumber } from "./number";

/** Amounts of money by currency: those of two currencies are never added to each other. */
export type Amounts = Record<string, number>;

/** A figure over records; of money in each currency. */
export type Sum = number | Amounts;

/** Signs that tell currencies apart where several stand beside each other. */
const APART: Record<string, string> = { USD: "US$", JPY: "JP¥" };

/** What the server says of a figure of money: `figure_by_currency` beside it, else all in the field's own currency. */
export function readAmounts(figure: unknown, byCurrency: unknown, own: string): Amounts {
  if (byCurrency === null || typeof byCurrency !== "object") return { [own]: toNumber(figure) ?? 0 };
  return Object.fromEntries(Object.entries(byCurrency).map(([currency, amount]) => [currency, toNumber(amount) ?? 0]));
}

export function addAmounts(one: Amounts, other: Amounts, sign: 1 | -1 = 1): Amounts {
  const found = { ...one };
  for (const [currency, amount] of Object.entries(other)) found[currency] = (found[currency] ?? 0) + sign * amount;
  return found;
}

/** The amounts of rows by their currencies; those without one are in the field's own. */
export function sumOfRows(rows: readonly Record<string, unknown>[], field: string, own: string): Amounts {
  const found: Amounts = {};
  for (const row of rows) {
    const amount = toNumber(row[field]);
    const currency = String(row[`${field}_currency`] ?? own);
    if (amount !== null) found[currency] = (found[currency] ?? 0) + amount;
  }
  return found;
}

export function isMixed(sum: Sum): boolean {
  return typeof sum !== "number" && Object.values(sum).filter((amount) => amount !== 0).length > 1;
}

export function isNothing(sum: Sum | null | undefined): boolean {
  if (sum === null || sum === undefined) return true;
  return typeof sum === "number" ? sum === 0 : Object.values(sum).every((amount) => amount === 0);
}

/** The currency in which most of several figures are; among equals the field's own. */
export function mainCurrency(all: readonly Amounts[], own: string): string {
  const counts = new Map<string, number>();
  for (const amounts of all) {
    for (const [currency, amount] of Object.entries(amounts)) {
      if (amount !== 0) counts.set(currency, (counts.get(currency) ?? 0) + 1);
    }
  }
  const [first] = [...counts].sort(([one, a], [other, b]) => b - a || Number(other === own) - Number(one === own));
  return first?.[0] ?? own;
}

/** A figure in short, of money in each currency. */
export function formatShortSum(sum: Sum, own: string, language: string): string {
  return typeof sum === "number" ? formatShort(sum, language) : formatShortAmounts(sum, own, language);
}

export function formatSum(sum: Sum, own: string, language: string): string {
  return typeof sum === "number" ? formatNumber(sum, language) : formatAmounts(sum, own, language);
}

/** Amounts as they are said one after the other: the own currency first, then the greatest; nothing of what comes to nothing. */
function told(amounts: Amounts, own: string): [string, number][] {
  const some = Object.entries(amounts).filter(([, amount]) => amount !== 0);
  if (some.length === 0) return [[Object.keys(amounts)[0] ?? own, 0]];
  return some.sort(([one, a], [other, b]) => Number(other === own) - Number(one === own) || Math.abs(b) - Math.abs(a));
}

/** ¥1.2亿, or ¥1.2亿 + US$3.4万. */
export function formatShortAmounts(amounts: Amounts, own: string, language: string): string {
  return shortParts(amounts, own, language).join(" + ");
}

/** The same, each currency for itself. */
export function shortParts(amounts: Amounts, own: string, language: string): string[] {
  const parts = told(amounts, own);
  const [first] = parts;
  if (parts.length === 1 && first) return [formatShortMoney(first[1], first[0], language)];
  return parts.map(
    ([currency, amount]) => `${amount < 0 ? "−" : ""}${signApart(currency)}${formatShort(Math.abs(amount), language)}`,
  );
}

/** The whole sums, e.g. ¥1,250,000 + US$34,000.5. */
export function formatAmounts(amounts: Amounts, own: string, language: string): string {
  const parts = told(amounts, own);
  const [first] = parts;
  if (parts.length === 1 && first) return formatMoney(first[1], first[0], language);
  return parts
    .map(([currency, amount]) => formatMoney(amount, currency, language).replace(currencySign(currency), signApart(currency)))
    .join(" + ");
}

function signApart(currency: string): string {
  return APART[currency] ?? currencySign(currency);
}
