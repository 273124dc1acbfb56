import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { stageOf } from "@/catalog/catalog";
import { Card } from "@/design/Card";
import { Pill } from "@/design/Pill";

import type { Report, StageFigures } from "./answer";
import { Open } from "./Open";
import styles from "./process.module.css";
import { useWords } from "./words";

const COUNTS = ["entered", "forward", "lost", "back", "jumped", "open"] as const;

/** Each stage: how its visits ended, how long they took, and who is there now. */
export function Stages({ pipeline, report }: { pipeline: Pipeline; report: Report }) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  const stages = report.stages.filter((one) => stageOf(pipeline, one.name)?.kind === "open");
  const most = Math.max(1, ...stages.map((one) => one.entered));
  return (
    <Card title={t("process.stages")} note={t("process.stagesNote")}>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={t("process.stages")}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t("process.stage")}</th>
              <th scope="col" className={styles.wideCell}>
                {t("process.conversion")}
              </th>
              {COUNTS.map((name) => (
                <th key={name} scope="col">
                  {t(`process.count.${name}`)}
                </th>
              ))}
              <th scope="col">{t("process.median")}</th>
              <th scope="col">{t("process.p90Short")}</th>
            </tr>
          </thead>
          <tbody>
            {stages.map((one) => (
              <tr key={one.name}>
                <th scope="row">
                  <Pill color={stageOf(pipeline, one.name)?.color}>{words.stage(one.name)}</Pill>
                </th>
                <td className={styles.wideCell}>
                  <Conversion stage={one} most={most} text={words.percent(one.conversion?.value)} />
                </td>
                {COUNTS.map((name) => (
                  <td key={name} data-label={t(`process.count.${name}`)}>
                    {name === "jumped" ? (
                      <span className={one.jumped ? undefined : styles.zero}>{words.count(one.jumped)}</span>
                    ) : (
                      <Open
                        figure={{ measure: name, stage: one.name }}
                        title={`${words.stage(one.name)} · ${t(`process.count.${name}`)}`}
                        value={one[name]}
                      >
                        {words.count(one[name])}
                      </Open>
                    )}
                  </td>
                ))}
                <td data-label={t("process.median")}>{words.span(one.median_seconds)}</td>
                <td data-label={t("process.p90Short")}>{words.span(one.p90_seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** How many came, and of those that left how many went on. */
function Conversion({ stage, most, text }: { stage: StageFigures; most: number; text: string }) {
  const share = stage.conversion?.value ?? 0;
  return (
    <span className={styles.conversion}>
      <span className={styles.track} aria-hidden>
        <span className={styles.came} style={{ width: `${(stage.entered / most) * 100}%` }}>
          <span className={styles.went} style={{ width: `${share * 100}%` }} />
        </span>
      </span>
      <b>{text}</b>
    </span>
  );
}
