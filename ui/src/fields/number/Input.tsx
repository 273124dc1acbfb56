import { InputNumber } from "antd";

import { toNumber } from "@/format/number";

import type { InputProps } from "../kinds";

export function NumberInput({ id, field, value, onChange, invalid, autoFocus, disabled }: InputProps) {
  return (
    <InputNumber
      id={id}
      value={toNumber(value)}
      min={toNumber(field.minimum) ?? undefined}
      max={toNumber(field.maximum) ?? undefined}
      precision={field.stored_type === "integer" ? 0 : field.digits}
      controls={false}
      status={invalid ? "error" : undefined}
      autoFocus={autoFocus}
      disabled={disabled}
      style={{ width: "100%" }}
      onChange={(next) => onChange({ [field.name]: next })}
    />
  );
}
