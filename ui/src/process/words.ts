import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { stageOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { formatNumber } from "@/format/number";

/** The words of the report: shares, points, spans of time, names of stages and deliverables. */
export function useWords(pipeline: Pipeline) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const deliverables = pipeline.stages.flatMap((stage) => [...stage.entry, ...stage.exit]);
  const percent = (value: number | null | undefined) =>
    value == null ? t("process.none") : `${formatNumber(value * 100, i18n.language, 0)}%`;
  return {
    percent,
    count: (value: number) => formatNumber(value, i18n.language),
    /** A change in percentage points, with its sign. */
    points: (value: number) =>
      t("process.points", {
        value: `${value > 0 ? "+" : value < 0 ? "−" : ""}${formatNumber(Math.abs(value) * 100, i18n.language, 1)}`,
      }),
    /** A median or the like, in the largest unit that says enough. */
    span: (seconds: number | null | undefined) => {
      if (seconds == null) return t("process.none");
      const figure = (value: number) => formatNumber(value, i18n.language, value < 10 ? 1 : 0);
      if (seconds >= 86_400) return t("process.days", { value: figure(seconds / 86_400) });
      if (seconds >= 3_600) return t("process.hours", { value: figure(seconds / 3_600) });
      return t("process.minutes", { value: figure(seconds / 60) });
    },
    stage: (name: string) => say(stageOf(pipeline, name)?.label) || name,
    step: (name: string) => say(deliverables.find((one) => one.name === name)?.label) || name,
    hard: (name: string) => Boolean(deliverables.find((one) => one.name === name)?.hard),
  };
}

export type Words = ReturnType<typeof useWords>;
