import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";
import { formatNumber, toNumber } from "@/format/number";

import styles from "./audits.module.css";

/** A score out of a hundred; the one before the appeal beside it where they differ. */
export function Score({ value, first }: { value: unknown; first?: unknown }) {
  const { t, i18n } = useTranslation();
  const score = toNumber(value);
  const before = toNumber(first);
  if (score === null) return <span className={cx(styles.score, styles.quiet)}>—</span>;
  const tone = score >= 80 ? styles.good : score < 60 ? styles.bad : undefined;
  return (
    <span className={styles.score}>
      {before !== null && before !== score ? <s className={styles.quiet}>{formatNumber(before, i18n.language, 1)}</s> : null}
      <b className={tone}>{formatNumber(score, i18n.language, 1)}</b>
      <small>{t("audits.points")}</small>
    </span>
  );
}
