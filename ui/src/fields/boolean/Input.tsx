import { Switch } from "antd";

import { useLabel } from "@/catalog/label";

import type { InputProps } from "../kinds";

export function BooleanInput({ id, field, value, onChange, autoFocus, disabled }: InputProps) {
  const say = useLabel();
  return (
    <Switch
      id={id}
      aria-label={say(field.label)}
      checked={value === true}
      autoFocus={autoFocus}
      disabled={disabled}
      onChange={(next) => onChange({ [field.name]: next })}
    />
  );
}
