import { Select } from "antd";

import { optionsOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Dot } from "@/design/Pill";

import type { InputProps } from "../kinds";
import styles from "../fields.module.css";

export function SelectInput({ id, object, field, value, onChange, invalid, autoFocus, eager, disabled }: InputProps) {
  const say = useLabel();
  const options = optionsOf(useCatalog(), object, field).map((option) => ({
    value: option.value,
    text: say(option.label),
    label: (
      <span className={styles.option}>
        <Dot color={option.color} />
        {say(option.label)}
      </span>
    ),
  }));
  return (
    <Select
      id={id}
      aria-label={say(field.label)}
      mode={field.stored_type === "multi_select" ? "multiple" : undefined}
      value={(value as string | string[] | null) ?? undefined}
      options={options}
      showSearch={{ optionFilterProp: "text" }}
      allowClear={!field.required}
      status={invalid ? "error" : undefined}
      autoFocus={autoFocus}
      defaultOpen={eager}
      disabled={disabled}
      style={{ width: "100%" }}
      onChange={(next: string | string[] | undefined) => onChange({ [field.name]: next ?? null })}
    />
  );
}
