import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";

import type { Report } from "./answer";
import { Open } from "./Open";
import styles from "./process.module.css";
import { useWords } from "./words";

/** Won, lost, the win rate with its interval, and how long winning takes. */
export function Outcome({ pipeline, report }: { pipeline: Pipeline; report: Report }) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  const { won, lost, rate, median_seconds, p90_seconds } = report.outcome;
  return (
    <dl className={styles.tiles}>
      <div>
        <dt>{t("process.winRate")}</dt>
        <dd>{words.percent(rate?.value)}</dd>
        <dd className={styles.note}>
          {rate ? t("process.interval", { low: words.percent(rate.low), high: words.percent(rate.high) }) : ""}
        </dd>
      </div>
      <div>
        <dt>{t("process.won")}</dt>
        <dd>
          <Open figure={{ measure: "won_outcome" }} title={t("process.won")} value={won}>
            {words.count(won)}
          </Open>
        </dd>
        <dd className={styles.note}>{t("process.inPeriod")}</dd>
      </div>
      <div>
        <dt>{t("process.lost")}</dt>
        <dd>
          <Open figure={{ measure: "lost_outcome" }} title={t("process.lost")} value={lost}>
            {words.count(lost)}
          </Open>
        </dd>
        <dd className={styles.note}>{t("process.inPeriod")}</dd>
      </div>
      <div>
        <dt>{t("process.timeToWin")}</dt>
        <dd>{words.span(median_seconds)}</dd>
        <dd className={styles.note}>{p90_seconds === null ? "" : t("process.p90", { span: words.span(p90_seconds) })}</dd>
      </div>
    </dl>
  );
}
