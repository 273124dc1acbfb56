import { Alert, Select, Switch } from "antd";
import { useState } from "react";

import type { ImportPlan, ImportPreview } from "@/api/importing";
import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";

import styles from "./importing.module.css";

interface Props {
  object: ObjectDefinition;
  columns: ImportPreview["columns"];
  entered: ImportPlan["entered"];
  /** Whether a reason is given for going past gates, without which no past is told. */
  reasoned: boolean;
  onChange: (entered: ImportPlan["entered"]) => void;
}

/** For each stage the column that says when a record came into it: new records then go that way, at those times. */
export function StageDates({ object, columns, entered, reasoned, onChange }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const pipeline = pipelineOf(useCatalog(), object);
  const [open, setOpen] = useState(Object.keys(entered).length > 0);
  const choose = (stage: string, column: string | undefined) => {
    const others = Object.entries(entered).filter(([one]) => one !== stage);
    onChange(Object.fromEntries(column ? [...others, [stage, column]] : others));
  };
  return (
    <section className={styles.past}>
      <label className={styles.toggle}>
        <Switch
          size="small"
          checked={open}
          onChange={(on) => {
            setOpen(on);
            if (!on) onChange({});
          }}
        />
        {t("import.past")}
      </label>
      <small>{t("import.pastHint")}</small>
      {open ? (
        <ul className={styles.stages}>
          {(pipeline?.stages ?? []).map((stage) => (
            <li key={stage.name}>
              <label htmlFor={`entered-${stage.name}`}>{say(stage.label)}</label>
              <Select
                id={`entered-${stage.name}`}
                value={entered[stage.name]}
                placeholder={t("import.pastUnknown")}
                allowClear
                showSearch={{ optionFilterProp: "label" }}
                options={columns.map((column) => ({ value: column.name, label: column.name }))}
                onChange={(column: string | undefined) => choose(stage.name, column)}
              />
            </li>
          ))}
        </ul>
      ) : null}
      {open && Object.keys(entered).length > 0 && !reasoned ? (
        <Alert type="warning" showIcon title={t("import.pastReason")} />
      ) : null}
    </section>
  );
}
