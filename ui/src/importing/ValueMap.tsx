import { AutoComplete, Button, Input, Popover, Select } from "antd";
import { ArrowRight, ArrowRightLeft, Plus, X } from "lucide-react";
import { useState } from "react";

import type { Field, ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { optionsOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { IconButton } from "@/design/IconButton";

import styles from "./importing.module.css";

interface Props {
  object: ObjectDefinition;
  field: Field;
  samples: string[];
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
}

/** What to store for what stands in the file: `GTXPro` → `GTX Pro`, `Won` → 赢单. */
export function ValueMap({ object, field, samples, values, onChange }: Props) {
  const { t } = useTranslation();
  const [pairs, setPairs] = useState(() => Object.entries(values));
  const change = (next: [string, string][]) => {
    setPairs(next);
    onChange(Object.fromEntries(next.filter(([raw, stored]) => raw && stored)));
  };
  const count = Object.keys(values).length;
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className={styles.values}>
          <p>{t("import.valuesHint")}</p>
          {pairs.map(([raw, stored], index) => (
            <div key={index} className={styles.valuePair}>
              <AutoComplete
                aria-label={t("import.valueRaw")}
                value={raw}
                options={[...new Set(samples.filter(Boolean))].map((value) => ({ value }))}
                placeholder={t("import.valueRaw")}
                onChange={(next: string) => change(pairs.map((pair, at) => (at === index ? [next, pair[1]] : pair)))}
              />
              <ArrowRight size={14} aria-hidden />
              <Stored
                object={object}
                field={field}
                value={stored}
                onChange={(next) => change(pairs.map((pair, at) => (at === index ? [pair[0], next] : pair)))}
              />
              <IconButton
                size="small"
                label={t("action.remove")}
                icon={<X size={14} />}
                onClick={() => change(pairs.filter((_, at) => at !== index))}
              />
            </div>
          ))}
          <Button size="small" type="text" icon={<Plus size={14} />} onClick={() => change([...pairs, ["", ""]])}>
            {t("import.valueAdd")}
          </Button>
        </div>
      }
    >
      <Button type={count > 0 ? "default" : "text"} icon={<ArrowRightLeft size={14} />} aria-label={t("import.values")}>
        {count > 0 ? count : null}
      </Button>
    </Popover>
  );
}

interface StoredProps {
  object: ObjectDefinition;
  field: Field;
  value: string;
  onChange: (value: string) => void;
}

function Stored({ object, field, value, onChange }: StoredProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const options = optionsOf(useCatalog(), object, field);
  if (options.length === 0) {
    return (
      <Input
        aria-label={t("import.valueStored")}
        placeholder={t("import.valueStored")}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <Select
      aria-label={t("import.valueStored")}
      placeholder={t("import.valueStored")}
      value={value || undefined}
      options={options.map((option) => ({ value: option.value, label: say(option.label) }))}
      onChange={onChange}
    />
  );
}
