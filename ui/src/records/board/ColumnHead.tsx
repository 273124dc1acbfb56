import { Tooltip } from "antd";
import { ChevronsLeft, ChevronsRight } from "lucide-react";

import type { Field } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { Dot } from "@/design/Pill";
import { formatShortSum, formatSum, isMixed, isNothing, type Sum as Amount } from "@/format/amounts";
import { formatNumber } from "@/format/number";

import styles from "./board.module.css";
import { ownCurrency } from "../list/grid/groups";
import type { Column } from "./columns";
import type { Figure } from "./figures";

interface Props {
  label: string;
  column: Column;
  summed: Field[];
  /** Null as long as the figures aren't known: then what is loaded is counted. */
  figure: Figure | null;
  shown: string;
  folded: boolean;
  onFold: () => void;
}

/** Name, count and limit, sums, and the button that folds the column. */
export function ColumnHead({ label, column, summed, figure, shown, folded, onFold }: Props) {
  const { t } = useTranslation();
  const told = summed.filter((field) => !isNothing(figure?.sums[field.name]));
  const short = told[0] && !isMixed(figure?.sums[told[0].name] ?? 0);
  const [first, rest] = short ? [told[0], told.slice(1)] : [undefined, told];
  const Arrow = folded ? ChevronsRight : ChevronsLeft;
  return (
    <header className={styles.head}>
      <div className={styles.line}>
        <Dot color={column.color} />
        <h2 className={cx("cut", column.value === null && styles.unset)}>{label}</h2>
        <Count figure={figure} shown={shown} limit={column.limit} />
        {first && figure ? <Sum field={first} value={figure.sums[first.name] ?? 0} quiet={rest.length === 0} /> : null}
        <button
          type="button"
          className={styles.fold}
          aria-expanded={!folded}
          aria-label={folded ? t("board.unfold", { column: label }) : t("board.fold", { column: label })}
          onClick={onFold}
        >
          <Arrow size={14} aria-hidden />
        </button>
      </div>
      {rest.length > 0 && figure && !folded ? (
        <div className={styles.sums}>
          {rest.map((field) => (
            <Sum key={field.name} field={field} value={figure.sums[field.name] ?? 0} />
          ))}
        </div>
      ) : null}
    </header>
  );
}

function Count({ figure, shown, limit }: { figure: Figure | null; shown: string; limit?: number }) {
  const { t, i18n } = useTranslation();
  const count = figure ? formatNumber(figure.count, i18n.language) : shown;
  if (!limit) {
    return (
      <span className={cx(styles.count, "num")} aria-label={t("board.count", { count: figure?.count ?? 0, text: count })}>
        {count}
      </span>
    );
  }
  const over = (figure?.count ?? 0) - limit;
  const words = over > 0 ? t("board.limitOver", { limit, count: over }) : t("board.limit", { limit });
  return (
    <Tooltip title={words}>
      <span className={cx(styles.count, "num", over > 0 && styles.crowded)}>
        {count}/{limit}
        <span className={over > 0 ? styles.excess : "sr-only"}>{words}</span>
      </span>
    </Tooltip>
  );
}

function Sum({ field, value, quiet }: { field: Field; value: Amount; quiet?: boolean }) {
  const { i18n } = useTranslation();
  const say = useLabel();
  const own = ownCurrency(field);
  return (
    <Tooltip title={`${say(field.label)} ${formatSum(value, own, i18n.language)}`} mouseEnterDelay={0.3}>
      <span className={cx(styles.sum, "num")}>
        <span className={quiet ? "sr-only" : styles.sumName}>{say(field.label)}</span>
        {formatShortSum(value, own, i18n.language)}
      </span>
    </Tooltip>
  );
}
