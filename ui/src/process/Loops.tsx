import { ArrowRight, ArrowRightLeft, Undo2 } from "lucide-react";

import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";

import { Card } from "@/design/Card";
import type { Report } from "./answer";
import { Open } from "./Open";
import styles from "./process.module.css";
import { useWords } from "./words";

const MOST = 8;

/** Where records go back, and where they go back and forth. */
export function Loops({ pipeline, report }: { pipeline: Pipeline; report: Report }) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  const place = (name: string) => pipeline.stages.findIndex((stage) => stage.name === name);
  const lost = new Set(pipeline.stages.filter((stage) => stage.kind === "lost").map((stage) => stage.name));
  const back = report.flow.filter((edge) => place(edge.to) < place(edge.from) && !lost.has(edge.to)).slice(0, MOST);
  const bounced = report.flow.filter((edge) => edge.bounced > 0 && !back.includes(edge)).slice(0, MOST);
  const again = report.stages.filter((stage) => stage.again > 0);
  return (
    <Card title={t("process.loops")} note={t("process.loopsNote")}>
      {back.length + bounced.length + again.length === 0 ? (
        <p className={styles.nothing}>{t("process.noLoops")}</p>
      ) : (
        <ul className={styles.loops}>
          {back.map((edge) => (
            <li key={`${edge.from}-${edge.to}`}>
              <Undo2 size={15} aria-hidden />
              <span>
                {words.stage(edge.from)} <ArrowRight size={13} aria-label={t("process.to")} /> {words.stage(edge.to)}
              </span>
              <small>{t("process.afterSpan", { span: words.span(edge.median_seconds) })}</small>
              <Open
                figure={{ measure: "back", stage: edge.from, to: edge.to }}
                title={t("process.wentBack", { from: words.stage(edge.from), to: words.stage(edge.to) })}
                value={edge.count}
              >
                {t("process.times", { count: edge.count })}
              </Open>
            </li>
          ))}
          {bounced.map((edge) => (
            <li key={`${edge.from}~${edge.to}`}>
              <ArrowRightLeft size={15} aria-hidden />
              <span>{t("process.bounced", { from: words.stage(edge.to), over: words.stage(edge.from) })}</span>
              <small>{t("process.afterSpan", { span: words.span(edge.median_seconds) })}</small>
              <Open
                figure={{ measure: "bounced", stage: edge.from, to: edge.to }}
                title={t("process.bounced", { from: words.stage(edge.to), over: words.stage(edge.from) })}
                value={edge.bounced}
              >
                {t("process.times", { count: edge.bounced })}
              </Open>
            </li>
          ))}
          {again.map((stage) => (
            <li key={stage.name}>
              <Undo2 size={15} aria-hidden />
              <span>{t("process.again", { stage: words.stage(stage.name) })}</span>
              <small />
              <Open
                figure={{ measure: "again", stage: stage.name }}
                title={t("process.again", { stage: words.stage(stage.name) })}
                value={stage.again}
              >
                {t("process.times", { count: stage.again })}
              </Open>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
