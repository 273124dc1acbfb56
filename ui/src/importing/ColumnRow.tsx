import { Select } from "antd";
import { ArrowRight } from "lucide-react";

import type { ImportColumn, ImportTarget } from "@/api/importing";
import type { Field, ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";

import styles from "./importing.module.css";
import { targetsOf } from "./plan";
import { ValueMap } from "./ValueMap";

interface Props {
  object: ObjectDefinition;
  fields: Field[];
  column: ImportColumn;
  targets: ImportTarget[];
  clashing: boolean;
  onChange: (targets: ImportTarget[]) => void;
}

/** One column of the file, and the field it goes to. */
export function ColumnRow({ object, fields, column, targets, clashing, onChange }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const [first, ...others] = targets;
  const field = fields.find((one) => one.name === first?.field);
  return (
    <li className={styles.column}>
      <div className={styles.source}>
        <b className="cut">{column.name}</b>
        <span className="cut">{column.samples.filter(Boolean).slice(0, 3).join(t("filter.comma"))}</span>
      </div>
      <ArrowRight size={15} aria-hidden />
      <Select
        aria-label={t("import.fieldFor", { column: column.name })}
        value={first?.field}
        placeholder={t("import.skip")}
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        status={clashing ? "error" : undefined}
        options={fields.map((one) => ({ value: one.name, label: say(one.label) + (one.required ? " *" : "") }))}
        onChange={(next: string | undefined) => onChange([...targetsOf(next ?? null), ...others])}
      />
      <span>
        {first && field ? (
          <ValueMap
            key={first.field}
            object={object}
            field={field}
            samples={column.samples}
            values={first.values}
            onChange={(values) => onChange([{ ...first, values }, ...others])}
          />
        ) : null}
      </span>
    </li>
  );
}
