/** Figures as people read them: grouped digits, 万 and 亿 for big sums in Chinese, K/M/B in English. */

const SIGNS: Record<string, string> = { CNY: "¥", USD: "$", EUR: "€", GBP: "£", JPY: "¥", HKD: "HK$" };

export const CURRENCIES = Object.keys(SIGNS);

export function isEnglish(language: string): boolean {
  return language.startsWith("en");
}

const formats = new Map<string, Intl.NumberFormat>();

/** Formats are kept: to make one takes longer than to fill in a whole row of a list. */
function formatOf(language: string, least: number, most: number, grouped: boolean): Intl.NumberFormat {
  const key = `${language} ${least} ${most} ${grouped}`;
  let format = formats.get(key);
  if (!format) {
    const digits = { minimumFractionDigits: least, maximumFractionDigits: most };
    formats.set(key, (format = new Intl.NumberFormat(language, { ...digits, useGrouping: grouped })));
  }
  return format;
}

export function formatNumber(value: number, language: string, digits?: number, grouped = true): string {
  return formatOf(language, 0, digits ?? 6, grouped).format(value);
}

export function currencySign(currency: string): string {
  return SIGNS[currency] ?? `${currency} `;
}

/** The whole sum, e.g. ¥1,250,000.00; whole amounts go without decimals. */
export function formatMoney(value: number, currency: string, language: string, digits = 2): string {
  const whole = Number.isInteger(value);
  const text = formatOf(language, whole ? 0 : digits, digits, true).format(Math.abs(value));
  return `${value < 0 ? "−" : ""}${currencySign(currency)}${text}`;
}

/** A short sum for lists and column heads, e.g. ¥125万, ¥1.2亿, ¥1.25M; small sums in full. */
export function formatShortMoney(value: number, currency: string, language: string): string {
  const sign = `${value < 0 ? "−" : ""}${currencySign(currency)}`;
  return sign + formatShort(Math.abs(value), language);
}

export function formatShort(value: number, language: string): string {
  const steps: [number, string][] = isEnglish(language)
    ? [
        [1e9, "B"],
        [1e6, "M"],
        [1e4, "K"],
      ]
    : [
        [1e8, "亿"],
        [1e4, "万"],
      ];
  for (const [from, unit] of steps) {
    const divisor = unit === "K" ? 1e3 : from;
    if (Math.abs(value) >= from) {
      const scaled = value / divisor;
      return formatNumber(scaled, language, Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2) + unit;
    }
  }
  return formatNumber(value, language, 2);
}

export function formatBytes(size: number, language: string): string {
  const units = ["B", "KB", "MB", "GB"];
  let index = 0;
  let value = size;
  while (value >= 1024 && index < units.length - 1) {
    value /= 1024;
    index += 1;
  }
  return `${formatNumber(value, language, value < 10 && index > 0 ? 1 : 0)} ${units[index] ?? ""}`;
}

/** A number out of JSON or text; null when there is none. */
export function toNumber(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
  return null;
}
