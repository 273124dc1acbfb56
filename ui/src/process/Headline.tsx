import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { CircleCheck, TrendingDown, TrendingUp } from "lucide-react";

import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { Bone } from "@/design/Bones";
import { cx } from "@/design/cx";

import { type Change, comparisonQuery, type Sample } from "./answer";
import styles from "./process.module.css";
import { useWords } from "./words";

interface Props {
  pipeline: Pipeline;
  sample: Sample;
  onStep: (step: string) => void;
  onCompare: () => void;
}

/** The change against the period before that chance does not explain, and the skipped deliverable that does. */
export function Headline({ pipeline, sample, onStep, onCompare }: Props) {
  const { t } = useTranslation();
  const { data, isPending } = useQuery(comparisonQuery(pipeline.name, sample));
  if (isPending) {
    return (
      <div className={cx(styles.headline, styles.coming)} aria-busy="true">
        <Bone width="42%" height={16} />
      </div>
    );
  }
  if (!data) return null;
  const change = data.headline === null ? null : [data.outcome, ...data.stages].find((one) => one.stage === data.headline);
  if (!change?.change) {
    return (
      <p className={styles.calm}>
        <CircleCheck size={15} aria-hidden /> {t("process.calm")}
      </p>
    );
  }
  const down = change.change.value < 0;
  const Icon = down ? TrendingDown : TrendingUp;
  const driver = change.drivers[0];
  return (
    <section className={cx(styles.headline, down && styles.alarm)} aria-label={t("process.headline")}>
      <Icon size={20} aria-hidden />
      <div className={styles.telling}>
        <ChangeLine pipeline={pipeline} change={change} />
        {driver ? <DriverLine pipeline={pipeline} change={change} /> : null}
      </div>
      <div className={styles.deeds}>
        {driver ? (
          <Button type="primary" onClick={() => onStep(driver.name)}>
            {t("process.whoSkips")}
          </Button>
        ) : null}
        <Button onClick={onCompare}>{t("process.tab.comparison")}</Button>
      </div>
    </section>
  );
}

/** "Proposal: conversion −13 points (74 % → 61 %)". */
export function ChangeLine({ pipeline, change }: { pipeline: Pipeline; change: Change }) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  if (!change.change) return null;
  return (
    <p className={styles.lead}>
      {change.stage
        ? t("process.stageChange", { stage: words.stage(change.stage), change: words.points(change.change.value) })
        : t("process.outcomeChange", { change: words.points(change.change.value) })}
      <small>
        {t("process.fromTo", {
          before: words.percent(change.before.rate?.value),
          after: words.percent(change.after.rate?.value),
        })}
      </small>
    </p>
  );
}

/** "85 % skipped the confirmation, 18 % before; that alone explains −14 points". */
export function DriverLine({ pipeline, change }: { pipeline: Pipeline; change: Change }) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  const driver = change.drivers[0];
  if (!driver) return null;
  return (
    <p className={styles.why}>
      {t("process.driver", {
        share: words.percent(driver.after),
        before: words.percent(driver.before),
        step: words.step(driver.name),
        effect: words.points(driver.effect),
      })}
    </p>
  );
}
