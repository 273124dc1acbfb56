import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";

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
    <Tooltip title={whole} mouseEnterDelay={0.3}>
      <span className="num">{formatShortMoney(amount, currency, i18n.language)}</span>
    </Tooltip>
  );
}
