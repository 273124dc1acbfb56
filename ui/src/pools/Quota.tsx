import { Tooltip } from "antd";

import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";

import type { Pool } from "./pools";
import styles from "./pools.module.css";

/** How much the viewer holds and may still claim; and what falls back when. */
export function Quota({ pool }: { pool: Pool }) {
  const { t } = useTranslation();
  if (!pool.can.claim) return null;
  const full = pool.quota !== null && pool.held >= pool.quota;
  return (
    <Tooltip
      title={
        pool.idle
          ? [
              t("pool.rule", { days: pool.idle.days, warn: pool.idle.warn_days }),
              pool.cool_down_days > 0 ? t("pool.ruleCool", { cool: pool.cool_down_days }) : "",
            ].join(" ")
          : null
      }
    >
      <dl className={styles.quota} tabIndex={0}>
        {pool.quota !== null ? (
          <div className={cx(full && styles.full)}>
            <dt>{t("pool.held")}</dt>
            <dd>
              <span className={styles.meter} aria-hidden>
                <span style={{ width: `${Math.min(100, (100 * pool.held) / pool.quota)}%` }} />
              </span>
              {pool.held} / {pool.quota}
            </dd>
          </div>
        ) : null}
        {pool.daily !== null ? (
          <div className={cx(pool.claimed_today >= pool.daily && styles.full)}>
            <dt>{t("pool.today")}</dt>
            <dd>
              {pool.claimed_today} / {pool.daily}
            </dd>
          </div>
        ) : null}
      </dl>
    </Tooltip>
  );
}
