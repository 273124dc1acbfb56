import { Select } from "antd";
import { ArrowRight } from "lucide-react";

import type { HistoryPlan, LogPreview, Meaning } from "@/api/histories";
import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { formatNumber } from "@/format/number";

import styles from "../importing.module.css";
import { meaningOf, withMeaning } from "./log";

interface Props {
  activity: LogPreview["activities"][number];
  /** What a set says that it means; it can't be changed then. */
  meaning: Meaning | undefined;
  plan: HistoryPlan | null;
  pipeline: Pipeline | undefined;
  onChange: (plan: HistoryPlan) => void;
}

/** One activity of the log, how often it happens, and the stage or sub-step that it is. */
export function ActivityRow({ activity: { name, count }, meaning, plan, pipeline, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  return (
    <li className={styles.column}>
      <div className={styles.source}>
        <b className="cut" title={name}>
          {name}
        </b>
        <span>{t("history.times", { count, shown: formatNumber(count, i18n.language) })}</span>
      </div>
      <ArrowRight size={15} aria-hidden />
      {plan && pipeline ? (
        <Select
          className={styles.wide}
          aria-label={t("history.meaningOf", { name })}
          value={meaningOf(plan, name)}
          placeholder={t("history.leftOut")}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          options={meaningsIn(pipeline).map(({ kind, options }) => ({
            label: t(`history.kind.${kind}`),
            options: options.map((one) => ({ value: `${kind}:${one.name}`, label: say(one.label) })),
          }))}
          onChange={(next: string | undefined) => onChange(withMeaning(plan, name, next))}
        />
      ) : (
        <div className={styles.source}>
          {meaning ? (
            <>
              {say(meaning.label)}
              <span>
                {say(meaning.object)} · {t(`history.kind.${meaning.kind}`)}
              </span>
            </>
          ) : (
            <span>{t("history.leftOut")}</span>
          )}
        </div>
      )}
    </li>
  );
}

/** What an activity may mean: a stage, or a sub-step that people tick. */
function meaningsIn({ stages }: Pipeline) {
  const steps = stages.flatMap((stage) => [...stage.entry, ...stage.exit]).filter((one) => one.kind === "checklist");
  return [
    { kind: "stage", options: stages },
    { kind: "step", options: steps },
  ].filter(({ options }) => options.length > 0);
}
