import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { ChevronDown, HeartPulse } from "lucide-react";
import { useId, useState } from "react";

import type { ScoreDefinition, Standing } from "@/api/scores";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { Bone } from "@/design/Bones";
import { cx } from "@/design/cx";
import { Time } from "@/design/Time";

import { ColorPill } from "./ColorPill";
import { standingQuery } from "./queries";
import styles from "./scores.module.css";
import { Signals } from "./Signals";
import { Sparkline } from "./Sparkline";

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** How a record stands by a score: the points, why, how sure that is, and how it went lately. */
export function StandingCard({ score, id }: { score: ScoreDefinition; id: string }) {
  const { t } = useTranslation();
  const say = useLabel();
  const heading = useId();
  const [open, setOpen] = useState(false);
  const { data } = useQuery(standingQuery(score.name, id));
  if (!data) return <Bone height={72} />;
  if (data.value === null && data.signals.length === 0) return null;
  return (
    <section className={styles.card} aria-labelledby={heading}>
      <div className={styles.cardTop}>
        <div className={styles.cardScore}>
          <h2 id={heading} className={styles.cardName}>
            <Link to="/scores/$score" params={{ score: score.name }} search={{}}>
              <HeartPulse size={14} aria-hidden /> {say(score.label)}
            </Link>
          </h2>
          <p className={styles.figure}>
            <b className="num">{data.value ?? "—"}</b>
            <ColorPill color={data.color} />
          </p>
          <p className={styles.quiet}>
            <Shift standing={data} />
          </p>
        </div>
        <ul className={styles.reasons} aria-label={t("scores.why")}>
          {data.reasons.map((reason) => (
            <li key={reason.metric}>
              <span>{say(reason.words)}</span>
              <span className={cx(styles.points, reason.points < 0 && styles.loss)}>
                {reason.points < 0 ? t("scores.costs", { points: -reason.points }) : t("scores.gives", { points: reason.points })}
              </span>
            </li>
          ))}
          {data.reasons.length === 0 ? <li className={styles.quiet}>{t("scores.noReasons")}</li> : null}
        </ul>
        <div className={styles.trend}>
          <Sparkline points={data.trend} label={t("scores.trend")} red={score.red} green={score.green} />
          <Button size="small" type="text" className={styles.sure} aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(`scores.confidence.${data.confidence ?? "low"}`)}
            <ChevronDown size={14} className={cx(styles.turn, open && styles.turned)} aria-hidden />
          </Button>
        </div>
      </div>
      {open ? (
        <div className={styles.cardMore}>
          <Signals signals={data.signals} />
          <p className={styles.quiet}>
            <Confidence standing={data} /> {data.at ? <Time value={data.at} /> : null}
          </p>
        </div>
      ) : null}
    </section>
  );
}

/** By how much it rose or fell in a week. */
function Shift({ standing }: { standing: Standing }) {
  const { t } = useTranslation();
  const last = standing.trend.at(-1);
  if (standing.value === null || !last) return t("scores.unknown");
  const then = standing.trend.filter((point) => Date.parse(last.day) - Date.parse(point.day) >= WEEK_MS).at(-1);
  if (!then || then.value === null) return t("scores.new");
  const shift = standing.value - then.value;
  if (shift === 0) return t("scores.steady");
  return t(shift > 0 ? "scores.rose" : "scores.fell", { points: Math.abs(shift) });
}

/** How much of it is known, and what the weights stand on. */
function Confidence({ standing }: { standing: Standing }) {
  const { t } = useTranslation();
  const known = standing.signals.filter((signal) => signal.figure !== null).length;
  const parts = [
    t("scores.known", { known, all: standing.signals.length }),
    standing.calibrated
      ? t("scores.calibrated", { won: standing.won, lost: standing.lost })
      : t("scores.uncalibrated", { won: standing.won, lost: standing.lost }),
  ];
  if (standing.rate) {
    const percent = Math.round((100 * standing.rate.lost) / standing.rate.cases);
    parts.push(t("scores.rate", { percent, cases: standing.rate.cases, days: standing.days }));
  }
  return parts.join("");
}
