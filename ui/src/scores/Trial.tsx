import { useQuery } from "@tanstack/react-query";
import { ArrowRight, LoaderCircle } from "lucide-react";

import { COLORS, type Counts, type Preview, type ScoreDefinition, type Tuned } from "@/api/scores";
import { useTranslation } from "@/app/translation";
import { BoneLines } from "@/design/Bones";
import { Failure } from "@/design/Failure";
import { RecordLink } from "@/design/RecordLink";

import { Bar } from "./Bar";
import { ColorPill } from "./ColorPill";
import { previewQuery } from "./queries";
import styles from "./scores.module.css";

interface Props {
  score: ScoreDefinition;
  tuned: Tuned;
  changed: boolean;
  behind: boolean;
}

/** What the numbers would change over all records. */
export function Trial({ score, tuned, changed, behind }: Props) {
  const { t } = useTranslation();
  const { data, error, isFetching } = useQuery(previewQuery(score.name, tuned));
  if (error) return <Failure error={error} />;
  if (!data) return <BoneLines lines={6} />;
  return (
    <section className={styles.trial} aria-live="polite">
      <header className={styles.panelHead}>
        <h2>{t("scores.trial")}</h2>
        {isFetching ? <LoaderCircle size={14} className={styles.busy} aria-hidden /> : null}
      </header>
      {behind ? <p className={styles.behind}>{t("scores.behind")}</p> : null}
      <Side text={t("scores.asItIs")} counts={countsOf(data.before)} />
      <Side text={t("scores.asItWould")} counts={countsOf(data.after)} />
      <p>
        <b className="num">{t("scores.turned", { count: data.turned, all: data.records })}</b>
      </p>
      <ul className={styles.moves}>
        {data.moved.map((move) => (
          <li key={`${move.from}-${move.to}`}>
            <ColorPill color={move.from === "none" ? null : move.from} />
            <ArrowRight size={13} aria-hidden />
            <ColorPill color={move.to === "none" ? null : move.to} />
            <span className="num">{move.records}</span>
          </li>
        ))}
      </ul>
      {data.who.length > 0 ? <Who score={score} data={data} /> : null}
      {!changed && data.turned === 0 ? <p className={styles.quiet}>{t("scores.tryHint")}</p> : null}
    </section>
  );
}

function Who({ score, data }: { score: ScoreDefinition; data: Preview }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.who} aria-label={t("scores.who")} tabIndex={0}>
      {data.who.map((one) => (
        <li key={one.id}>
          <RecordLink object={score.object} id={one.id} className="cut">
            {one.title ?? t("scores.unnamed")}
          </RecordLink>
          <span className={styles.changeShift}>
            <ColorPill color={one.color_before} value={one.value_before} />
            <ArrowRight size={13} aria-hidden />
            <ColorPill color={one.color} value={one.value} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Side({ text, counts }: { text: string; counts: Counts }) {
  return (
    <div className={styles.side}>
      <span className={styles.quiet}>{text}</span>
      <Bar counts={counts} />
      <span className="num">{COLORS.map((color) => counts[color]).join(" / ")}</span>
    </div>
  );
}

function countsOf(given: Preview["before"]): Counts {
  return { red: given.red ?? 0, amber: given.amber ?? 0, green: given.green ?? 0 };
}
