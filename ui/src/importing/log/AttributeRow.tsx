import { Select } from "antd";
import { ArrowRight } from "lucide-react";

import type { HistoryPlan, LogPreview } from "@/api/histories";
import type { Field } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";

import styles from "../importing.module.css";
import { filledBy, withFields } from "./log";

interface Props {
  attribute: LogPreview["attributes"][number];
  /** What the attribute is called. */
  title: string;
  plan: HistoryPlan;
  fields: Field[];
  onChange: (plan: HistoryPlan) => void;
}

/** One attribute of the traces, and the fields that it fills. */
export function AttributeRow({ attribute: { name, samples }, title, plan, fields, onChange }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  return (
    <li className={styles.column}>
      <div className={styles.source}>
        <b className="cut" title={title}>
          {title}
        </b>
        <span className="cut">{samples.filter(Boolean).join(t("filter.comma"))}</span>
      </div>
      <ArrowRight size={15} aria-hidden />
      <Select
        className={styles.wide}
        mode="multiple"
        aria-label={t("history.fieldFor", { name: title })}
        value={filledBy(plan, name)}
        placeholder={t("import.skip")}
        showSearch={{ optionFilterProp: "label" }}
        options={fields.map((one) => ({ value: one.name, label: say(one.label) + (one.required ? " *" : "") }))}
        onChange={(next: string[]) => onChange(withFields(plan, name, next))}
      />
    </li>
  );
}
