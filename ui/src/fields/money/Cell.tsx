import { useTranslation } from "@/app/translation";
import { formatMoney, formatShortMoney, toNumber } from "@/format/number";

import type { CellProps } from "../kinds";

/** A sum: short in lists (the whole one on hover), whole elsewhere. */
export function MoneyCell({ field, value, row, dense }: CellProps) {
  const { i18n } = useTranslation();
  const amount = toNumber(value);
  if (amount === null) return <span>{String(value)}</span>;
  const currency = String(row?.[`${field.name}_currency`] ?? field.currency ?? "CNY");
  const whole = formatMoney(amount, currency, i18n.language, field.digits);
  if (!dense) return <span className="num">{whole}</span>;
  return (
    <span className="num" title={whole}>
      {formatShortMoney(amount, currency, i18n.language)}
    </span>
  );
}
