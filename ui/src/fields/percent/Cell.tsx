import { useTranslation } from "@/app/translation";
import { formatNumber, toNumber } from "@/format/number";

import type { CellProps } from "../kinds";

export function PercentCell({ field, value }: CellProps) {
  const { i18n } = useTranslation();
  const number = toNumber(value);
  if (number === null) return <span>{String(value)}</span>;
  return <span className="num">{`${formatNumber(number, i18n.language, field.digits ?? 2)}%`}</span>;
}
