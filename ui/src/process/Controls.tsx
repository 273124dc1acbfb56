import { useNavigate } from "@tanstack/react-router";
import { Segmented, Select } from "antd";
import dayjs from "dayjs";
import type { ReactNode } from "react";

import type { ObjectDefinition, Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { Bar, Gap } from "@/design/Bar";
import { DatePicker } from "@/design/DatePicker";
import { FilterChips } from "@/filters/FilterChips";
import { today } from "@/format/today";
import { FilterButton } from "@/records/list/FilterButton";

import { DEFAULT_DAYS, SPANS } from "./answer";
import styles from "./process.module.css";
import { type ProcessSearch, TABS } from "./search";

interface Props {
  pipelines: Pipeline[];
  pipeline: Pipeline;
  object: ObjectDefinition;
  search: ProcessSearch;
  onChange: (changes: Partial<ProcessSearch>) => void;
  children?: ReactNode;
}

/** Which pipeline, when, which records, and in which way to look at them. */
export function Controls({ pipelines, pipeline, object, search, onChange, children }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const navigate = useNavigate();
  const named = Boolean(search.since || search.until);
  const day = (text: string | undefined) => (text ? dayjs(text) : null);
  return (
    <>
      <Bar search={t("places.process")}>
        {pipelines.length > 1 ? (
          <Select
            aria-label={t("process.pipeline")}
            value={pipeline.name}
            popupMatchSelectWidth={false}
            options={pipelines.map((one) => ({ value: one.name, label: say(one.label) }))}
            onChange={(name) =>
              void navigate({
                to: "/process/$pipeline",
                params: { pipeline: name },
                search: { ...search, filter: undefined, step: undefined },
              })
            }
          />
        ) : null}
        <Select<number | "named">
          aria-label={t("process.period")}
          value={named ? "named" : (search.days ?? DEFAULT_DAYS)}
          popupMatchSelectWidth={false}
          options={[
            ...SPANS.map((days) => ({ value: days, label: t("process.lastDays", { count: days }) })),
            { value: "named" as const, label: t("process.chosen") },
          ]}
          onChange={(next) =>
            onChange(
              next === "named"
                ? {
                    since: today().subtract(DEFAULT_DAYS, "day").format("YYYY-MM-DD"),
                    until: today().format("YYYY-MM-DD"),
                    days: undefined,
                  }
                : { days: next === DEFAULT_DAYS ? undefined : next, since: undefined, until: undefined },
            )
          }
        />
        {named ? (
          <DatePicker.RangePicker
            className={styles.range}
            aria-label={t("process.period")}
            allowClear={false}
            value={[day(search.since), day(search.until)]}
            onChange={(next) =>
              onChange({ since: next?.[0]?.format("YYYY-MM-DD"), until: next?.[1]?.format("YYYY-MM-DD") })
            }
          />
        ) : null}
        <FilterButton
          object={object}
          filter={search.filter ?? ""}
          refined={Boolean(search.filter)}
          onApply={(filter) => onChange({ filter: filter || undefined })}
        />
        <Gap />
        <Segmented
          aria-label={t("process.look")}
          value={search.tab ?? "overview"}
          options={TABS.map((tab) => ({ value: tab, label: t(`process.tab.${tab}`) }))}
          onChange={(tab) => onChange({ tab: tab === "overview" ? undefined : tab })}
        />
        {children}
      </Bar>
      {search.filter ? (
        <div className={styles.chips}>
          <FilterChips
            object={object}
            filter={search.filter}
            onChange={(filter) => onChange({ filter: filter || undefined })}
          />
        </div>
      ) : null}
    </>
  );
}
