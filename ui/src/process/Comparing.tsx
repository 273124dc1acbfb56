import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { stageOf } from "@/catalog/catalog";
import { BoneLines } from "@/design/Bones";
import { Card } from "@/design/Card";
import { cx } from "@/design/cx";
import { DatePicker } from "@/design/DatePicker";
import { Failure } from "@/design/Failure";
import { Pill } from "@/design/Pill";
import { formatDate } from "@/format/date";

import { readWall } from "@/format/today";
import { type Change, type Comparison, comparisonQuery, type Driver, earlierOf, type Sample } from "./answer";
import { ChangeLine, DriverLine } from "./Headline";
import styles from "./process.module.css";
import type { ProcessSearch } from "./search";
import { useWords } from "./words";

interface Props {
  pipeline: Pipeline;
  sample: Sample;
  search: ProcessSearch;
  onChange: (changes: Partial<ProcessSearch>) => void;
}

/** The period against the one of the same length before it, or against another that is chosen. */
export function Comparing({ pipeline, sample, search, onChange }: Props) {
  const { data, error, refetch } = useQuery(comparisonQuery(pipeline.name, sample, earlierOf(search)));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <BoneLines lines={10} />;
  return <Compared key={data.before.since} pipeline={pipeline} found={data} onChange={onChange} />;
}

interface ComparedProps {
  pipeline: Pipeline;
  found: Comparison;
  onChange: (changes: Partial<ProcessSearch>) => void;
}

function Compared({ pipeline, found, onChange }: ComparedProps) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  const [picked, setPicked] = useState(found.headline ?? "");
  const changes = [found.outcome, ...found.stages];
  const change = changes.find((one) => one.stage === picked) ?? found.outcome;
  const span = ({ since, until }: Comparison["before"]) =>
    t("process.fromUntil", { from: formatDate(since), until: formatDate(new Date(Date.parse(until) - 1).toISOString()) });
  return (
    <div className={styles.pair}>
      <Card
        title={t("process.changes")}
        note={t("process.changesNote")}
        tools={
          <label className={styles.against}>
            <span>{t("process.against")}</span>
            <DatePicker.RangePicker
              className={styles.range}
              value={[readWall(found.before.since), readWall(found.before.until).subtract(1, "day")]}
              onChange={(next) =>
                onChange({
                  beforeSince: next?.[0]?.format("YYYY-MM-DD"),
                  beforeUntil: next?.[1]?.format("YYYY-MM-DD"),
                })
              }
            />
          </label>
        }
      >
        <div className={styles.scroll} tabIndex={0} role="region" aria-label={t("process.changes")}>
          <table className={cx(styles.table, styles.fixed)}>
            <thead>
              <tr>
                <th scope="col">{t("process.rateOf")}</th>
                <th scope="col">{span(found.before)}</th>
                <th scope="col">{span(found.after)}</th>
                <th scope="col">{t("process.change")}</th>
                <th scope="col">{t("process.medianChange")}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((one) => (
                <ChangeRow
                  key={one.stage}
                  pipeline={pipeline}
                  change={one}
                  on={one === change}
                  onPick={() => setPicked(one.stage)}
                />
              ))}
            </tbody>
          </table>
        </div>
      </Card>
      <Card title={t("process.because")} note={t("process.becauseNote")}>
        <div className={styles.because}>
          <ChangeLine pipeline={pipeline} change={change} />
          {change.certain ? null : <p className={styles.note}>{t("process.byChance")}</p>}
          {change.drivers.length > 0 ? <DriverLine pipeline={pipeline} change={change} /> : null}
        </div>
        {change.drivers.length === 0 ? (
          <p className={styles.nothing}>{t("process.noDriver")}</p>
        ) : (
          <ul className={styles.drivers}>
            {change.drivers.slice(0, 6).map((driver) => (
              <DriverRow
                key={driver.name}
                pipeline={pipeline}
                driver={driver}
                most={Math.max(...change.drivers.map((one) => Math.abs(one.effect)))}
                text={words.points(driver.effect)}
                onStep={(step) => onChange({ step })}
              />
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}

interface RowProps {
  pipeline: Pipeline;
  change: Change;
  on: boolean;
  onPick: () => void;
}

function ChangeRow({ pipeline, change, on, onPick }: RowProps) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  const stage = stageOf(pipeline, change.stage);
  const value = change.change?.value ?? 0;
  return (
    <tr className={on ? styles.on : undefined}>
      <th scope="row">
        <button type="button" className={styles.name} aria-pressed={on} onClick={onPick}>
          {stage ? <Pill color={stage.color}>{words.stage(change.stage)}</Pill> : <b>{t("process.winRate")}</b>}
        </button>
      </th>
      <td>{words.percent(change.before.rate?.value)}</td>
      <td>{words.percent(change.after.rate?.value)}</td>
      <td className={change.certain ? (value < 0 ? styles.worse : styles.better) : styles.zero}>
        {change.change ? words.points(value) : t("process.none")}
        {change.certain ? null : <small>{t("process.chance")}</small>}
      </td>
      <td>
        {change.stage
          ? t("process.medians", {
              before: words.span(change.before.median_seconds),
              after: words.span(change.after.median_seconds),
            })
          : ""}
      </td>
    </tr>
  );
}

interface DriverProps {
  pipeline: Pipeline;
  driver: Driver;
  most: number;
  text: string;
  onStep: (step: string) => void;
}

function DriverRow({ pipeline, driver, most, text, onStep }: DriverProps) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  return (
    <li>
      <button type="button" className={styles.name} onClick={() => onStep(driver.name)}>
        <span>{words.step(driver.name)}</span>
        <span className={styles.under}>
          {t("process.skippedFromTo", { before: words.percent(driver.before), after: words.percent(driver.after) })}
        </span>
      </button>
      <span className={styles.conversion}>
        <span className={styles.track} aria-hidden>
          <span
            className={driver.effect < 0 ? styles.missed : styles.went}
            style={{ width: `${(Math.abs(driver.effect) / most) * 100}%` }}
          />
        </span>
        <b>{text}</b>
      </span>
    </li>
  );
}
