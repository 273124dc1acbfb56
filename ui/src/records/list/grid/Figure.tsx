import { Tooltip } from "antd";

import type { Field } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";
import { formatShortSum, formatSum, shortParts, type Sum } from "@/format/amounts";
import { formatNumber } from "@/format/number";

import styles from "./grid.module.css";
import { figureOfColumn, ownCurrency } from "./groups";

/** A figure under a column: a sum, or the mean where a sum means nothing. */
export function Figure({ field, value }: { field: Field; value: Sum | null | undefined }) {
  const { t, i18n } = useTranslation();
  if (value === null || value === undefined) return null;
  const language = i18n.language;
  const own = ownCurrency(field);
  if (figureOfColumn(field) === "avg") {
    const mean = typeof value === "number" ? formatNumber(value, language, 1) : formatShortSum(value, own, language);
    return (
      <span className="num" title={t("list.mean")}>
        {`⌀ ${mean}${field.stored_type === "percent" ? "%" : ""}`}
      </span>
    );
  }
  const [first, second, ...more] = typeof value === "number" ? [formatShortSum(value, own, language)] : shortParts(value, own, language);
  return (
    <Tooltip title={formatSum(value, own, language)} mouseEnterDelay={0.3}>
      <span className={cx("num", second && styles.apart)}>
        {first}
        {second ? <span>{`+ ${second}${more.length > 0 ? " …" : ""}`}</span> : null}
      </span>
    </Tooltip>
  );
}
