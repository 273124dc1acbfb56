import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";

import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Failure } from "@/design/Failure";
import { Panel } from "@/design/Panel";

import { type Interval, type Sample, type Side, type Skipping, stepQuery } from "./answer";
import { Hardness } from "./Hardness";
import styles from "./process.module.css";
import { Skippers } from "./Skippers";
import { useWords } from "./words";

interface Props {
  pipeline: Pipeline;
  sample: Sample;
  step: string | undefined;
  onClose: () => void;
}

/** One deliverable: what skipping it does to the outcome, who skips it, and the gate that could be made of it. */
export function StepPanel({ pipeline, sample, step, onClose }: Props) {
  const words = useWords(pipeline);
  return (
    <Panel open={Boolean(step)} title={step ? words.step(step) : ""} onClose={onClose} width={640}>
      {step ? <Content pipeline={pipeline} sample={sample} step={step} /> : null}
    </Panel>
  );
}

function Content({ pipeline, sample, step }: { pipeline: Pipeline; sample: Sample; step: string }) {
  const { data, error, refetch } = useQuery(stepQuery(pipeline.name, sample, step));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <BoneLines lines={10} />;
  return (
    <div className={styles.stack}>
      <Effect pipeline={pipeline} found={data} />
      <Hardness pipeline={pipeline} sample={sample} step={step} hard={data.hard} />
      <Skippers pipeline={pipeline} step={step} people={data.people} />
    </div>
  );
}

function Effect({ pipeline, found }: { pipeline: Pipeline; found: Skipping }) {
  const { t } = useTranslation();
  const say = useLabel();
  const words = useWords(pipeline);
  const object = useCatalog().objects[pipeline.object];
  const fields = found.alike.fields.map((name) => say(object && fieldOf(object, name)?.label) || name);
  const told = (interval: Interval) =>
    t("process.about", { value: words.points(interval.value), low: words.points(interval.low), high: words.points(interval.high) });
  return (
    <section aria-label={t("process.effect")}>
      <h3 className={styles.heading}>{t("process.effect")}</h3>
      <div className={styles.sides}>
        <Rate label={t("process.withStep")} side={found.with} pipeline={pipeline} />
        <Rate label={t("process.withoutStep")} side={found.without} pipeline={pipeline} />
      </div>
      <ul className={styles.facts}>
        {found.difference ? <li>{t("process.plain", { difference: told(found.difference) })}</li> : null}
        {fields.length > 0 ? (
          <li>
            {found.alike.difference
              ? t("process.alike", {
                  fields: fields.join(t("filter.comma")),
                  difference: told(found.alike.difference),
                  compared: found.alike.compared,
                  left: found.alike.left_out,
                })
              : t("process.noAlike", { fields: fields.join(t("filter.comma")) })}
          </li>
        ) : null}
      </ul>
      <Alert
        type={found.sure ? "info" : "warning"}
        showIcon
        title={t(found.sure ? "process.confounded" : "process.unsure")}
        className={styles.alert}
      />
    </section>
  );
}

/** A win rate with its interval drawn on the line from 0 to 100 %. */
function Rate({ label, side, pipeline }: { label: string; side: Side; pipeline: Pipeline }) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  const { rate } = side;
  return (
    <div className={styles.rate}>
      <span className={styles.note}>{label}</span>
      <b>{words.percent(rate?.value)}</b>
      <span className={styles.scale} aria-hidden>
        {rate ? (
          <>
            <span className={styles.span} style={{ left: `${rate.low * 100}%`, right: `${(1 - rate.high) * 100}%` }} />
            <span className={styles.dot} style={{ left: `${rate.value * 100}%` }} />
          </>
        ) : null}
      </span>
      <span className={styles.note}>
        {rate
          ? t("process.ofClosed", {
              won: side.won,
              count: side.count,
              low: words.percent(rate.low),
              high: words.percent(rate.high),
            })
          : t("process.nobody")}
      </span>
    </div>
  );
}
