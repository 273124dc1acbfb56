import { InputNumber } from "antd";

import { toNumber } from "@/format/number";

import type { InputProps } from "../kinds";

export function PercentInput({ id, field, value, onChange, invalid, autoFocus, disabled }: InputProps) {
  return (
    <InputNumber
      id={id}
      value={toNumber(value)}
      min={toNumber(field.minimum) ?? undefined}
      max={toNumber(field.maximum) ?? undefined}
      precision={field.digits}
      controls={false}
      suffix="%"
      status={invalid ? "error" : undefined}
      autoFocus={autoFocus}
      disabled={disabled}
      style={{ width: "100%" }}
      onChange={(next) => onChange({ [field.name]: next })}
    />
  );
}
