import type { SignalStanding } from "@/api/scores";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";

import styles from "./scores.module.css";

/** Every signal: what it says, how good that is, and how much it counts. */
export function Signals({ signals }: { signals: SignalStanding[] }) {
  const { t } = useTranslation();
  const say = useLabel();
  return (
    <ul className={styles.signals}>
      {signals.map((signal) => (
        <li key={signal.metric} title={say(signal.help)}>
          <span className={styles.signalName}>{say(signal.label)}</span>
          <span className={cx(styles.signalWords, !signal.words && styles.quiet)}>
            {signal.words ? say(signal.words) : t("scores.unknownSignal")}
          </span>
          <span className={styles.gauge} aria-hidden>
            {signal.points === null ? null : (
              <span style={{ width: `${Math.max(3, 100 * signal.points)}%`, background: `var(--${shade(signal.points)}-dot)` }} />
            )}
          </span>
          <span className={styles.share}>{t("scores.weighs", { percent: Math.round(100 * signal.weight) })}</span>
        </li>
      ))}
    </ul>
  );
}

function shade(points: number): string {
  if (points < 0.4) return "red";
  return points < 0.7 ? "amber" : "green";
}
