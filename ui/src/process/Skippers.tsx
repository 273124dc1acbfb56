import { Segmented } from "antd";
import { useMemo, useState } from "react";

import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";

import type { Skipper } from "./answer";
import { FilterBy } from "./FilterBy";
import styles from "./process.module.css";
import { type Row, rowsBy } from "./skippers";
import { useWords } from "./words";

interface Props {
  pipeline: Pipeline;
  step: string;
  people: Skipper[];
}

/** Who goes on without the deliverable: by rep or by team, the one with most of it first. */
export function Skippers({ pipeline, step, people }: Props) {
  const { t } = useTranslation();
  const [by, setBy] = useState<"owner" | "team">("team");
  const rows = useMemo(() => rowsBy(people, by), [people, by]);
  return (
    <section aria-label={t("process.who")}>
      <header className={styles.head}>
        <h3 className={styles.heading}>{t("process.who")}</h3>
        <Segmented
          aria-label={t("process.who")}
          value={by}
          options={(["team", "owner"] as const).map((name) => ({ value: name, label: t(`process.by.${name}`) }))}
          onChange={setBy}
        />
      </header>
      {rows.length === 0 ? <p className={styles.nothing}>{t("process.nobodyPassed")}</p> : null}
      <ul className={styles.people}>
        {rows.map((row) => (
          <PersonRow key={row.id} row={row} pipeline={pipeline} step={step} by={by} />
        ))}
      </ul>
    </section>
  );
}

function PersonRow({ row, pipeline, step, by }: { row: Row; pipeline: Pipeline; step: string; by: "owner" | "team" }) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  return (
    <li>
      <FilterBy field={by} id={row.id} label={row.label || t("process.noOne")} />
      <span className={styles.conversion}>
        <span className={styles.track} aria-hidden>
          <span className={styles.missed} style={{ width: `${row.ratio * 100}%` }} />
        </span>
        <b>{words.percent(row.ratio)}</b>
      </span>
      <small aria-label={`${words.step(step)}`}>{t("process.ofPassed", { skipped: row.skipped, passed: row.passed })}</small>
    </li>
  );
}
