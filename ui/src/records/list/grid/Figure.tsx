import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";

import type { Field } from "@/api/types";
import { formatMoney, formatNumber, formatShort, formatShortMoney } from "@/format/number";

import { figureOfColumn } from "./groups";

/** A figure under a column: a sum, or the mean where a sum means nothing. */
export function Figure({ field, value }: { field: Field; value: number | null | undefined }) {
  const { t, i18n } = useTranslation();
  if (value === null || value === undefined) return null;
  const language = i18n.language;
  if (figureOfColumn(field) === "avg") {
    return (
      <span className="num" title={t("list.mean")}>
        {`⌀ ${formatNumber(value, language, 1)}${field.stored_type === "percent" ? "%" : ""}`}
      </span>
    );
  }
  const currency = field.currency ?? "CNY";
  const money = field.stored_type === "money";
  return (
    <Tooltip
      title={money ? formatMoney(value, currency, language) : formatNumber(value, language)}
      mouseEnterDelay={0.3}
    >
      <span className="num">{money ? formatShortMoney(value, currency, language) : formatShort(value, language)}</span>
    </Tooltip>
  );
}
