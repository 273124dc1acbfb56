import { Segmented } from "antd";
import { useState } from "react";

import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { Card } from "@/design/Card";
import { Pill } from "@/design/Pill";

import type { Report, StepFigures } from "./answer";
import { Open } from "./Open";
import styles from "./process.module.css";
import { useWords } from "./words";

interface Props {
  pipeline: Pipeline;
  report: Report;
  onStep: (step: string) => void;
}

/** Each deliverable: how often its gate was passed with and without it, and when it was done. */
export function Steps({ pipeline, report, onStep }: Props) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const skipped = report.steps.filter((one) => one.skipped > 0).sort((a, b) => b.skipped - a.skipped);
  const shown = all ? report.steps : skipped;
  return (
    <Card
      title={t("process.steps")}
      note={t("process.stepsNote")}
      tools={
        <Segmented
          aria-label={t("process.steps")}
          value={all ? "all" : "skipped"}
          options={(["skipped", "all"] as const).map((name) => ({ value: name, label: t(`process.which.${name}`) }))}
          onChange={(name) => setAll(name === "all")}
        />
      }
    >
      {shown.length === 0 ? (
        <p className={styles.nothing}>{t("process.nothingSkipped")}</p>
      ) : (
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={t("process.steps")}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t("process.step")}</th>
                <th scope="col" className={styles.wideCell}>
                  {t("process.skippedShare")}
                </th>
                <th scope="col">{t("process.skipped")}</th>
                <th scope="col">{t("process.met")}</th>
                <th scope="col">{t("process.redone")}</th>
                <th scope="col">{t("process.doneAfter")}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one) => (
                <Row key={one.name} pipeline={pipeline} step={one} onStep={onStep} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function Row({ pipeline, step, onStep }: { pipeline: Pipeline; step: StepFigures; onStep: (step: string) => void }) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  const name = words.step(step.name);
  const figure = (measure: string) => ({ measure, step: step.name });
  return (
    <tr>
      <th scope="row">
        <button type="button" className={styles.name} onClick={() => onStep(step.name)}>
          <span>{name}</span>
          <span className={styles.under}>
            {words.stage(step.stage)}
            <Pill color={words.hard(step.name) ? "red" : "gray"} quiet={!words.hard(step.name)}>
              {t(words.hard(step.name) ? "process.hard" : "process.soft")}
            </Pill>
          </span>
        </button>
      </th>
      <td className={styles.wideCell}>
        <span className={styles.conversion}>
          <span className={styles.track} aria-hidden>
            <span className={styles.missed} style={{ width: `${(step.skipped_ratio ?? 0) * 100}%` }} />
          </span>
          <b>{words.percent(step.skipped_ratio)}</b>
        </span>
      </td>
      <td data-label={t("process.skipped")}>
        <Open figure={figure("skipped")} title={`${name} · ${t("process.skipped")}`} value={step.skipped} tone="warn">
          {words.count(step.skipped)}
        </Open>
      </td>
      <td data-label={t("process.met")}>
        <Open figure={figure("met")} title={`${name} · ${t("process.met")}`} value={step.met}>
          {words.count(step.met)}
        </Open>
      </td>
      <td data-label={t("process.redone")}>
        <Open figure={figure("redone")} title={`${name} · ${t("process.redone")}`} value={step.redone}>
          {words.count(step.redone)}
        </Open>
      </td>
      <td data-label={t("process.doneAfter")}>{words.span(step.median_seconds)}</td>
    </tr>
  );
}

