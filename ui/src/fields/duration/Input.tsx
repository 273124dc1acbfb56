import { InputNumber, Select, Space } from "antd";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { toNumber } from "@/format/number";

import type { InputProps } from "../kinds";

const UNITS = { days: 86_400, hours: 3_600, minutes: 60 } as const;
type Unit = keyof typeof UNITS;

/** A span of time, kept in seconds and typed in the largest unit that fits. */
export function DurationInput({ id, field, value, onChange, invalid, autoFocus, disabled }: InputProps) {
  const { t } = useTranslation();
  const seconds = toNumber(value);
  const [unit, setUnit] = useState<Unit>(() => fitting(seconds));
  const options = (Object.keys(UNITS) as Unit[]).map((name) => ({ value: name, label: t(`field.unit.${name}`) }));
  return (
    <Space.Compact block>
      <InputNumber
        id={id}
        value={seconds === null ? null : seconds / UNITS[unit]}
        min={0}
        controls={false}
        status={invalid ? "error" : undefined}
        autoFocus={autoFocus}
        disabled={disabled}
        style={{ width: "100%" }}
        onChange={(next) => onChange({ [field.name]: next === null ? null : next * UNITS[unit] })}
      />
      <Select
        aria-label={t("field.unit.label")}
        value={unit}
        options={options}
        disabled={disabled}
        style={{ width: 96, flex: "none" }}
        onChange={setUnit}
      />
    </Space.Compact>
  );
}

function fitting(seconds: number | null): Unit {
  if (seconds !== null && seconds % UNITS.days === 0) return "days";
  return seconds !== null && seconds % UNITS.hours !== 0 ? "minutes" : "hours";
}
