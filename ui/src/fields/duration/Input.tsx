import { Select, Space } from "antd";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { toNumber } from "@/format/number";

import type { InputProps } from "../kinds";
import { NumberBox, Unread } from "../number/Box";

const UNITS = { days: 86_400, hours: 3_600, minutes: 60 } as const;
type Unit = keyof typeof UNITS;

/** A span of time, kept in seconds and typed in the largest unit that fits. */
export function DurationInput({ id, field, value, onChange, invalid, autoFocus, disabled }: InputProps) {
  const { t } = useTranslation();
  const seconds = toNumber(value);
  const [unit, setUnit] = useState<Unit>(() => fitting(seconds));
  const options = (Object.keys(UNITS) as Unit[]).map((name) => ({ value: name, label: t(`field.unit.${name}`) }));
  return (
    <div>
      <Space.Compact block>
        <NumberBox
          id={id}
          value={seconds === null ? value : seconds / UNITS[unit]}
          invalid={invalid}
          autoFocus={autoFocus}
          disabled={disabled}
          onChange={(next) => onChange({ [field.name]: typeof next === "number" ? next * UNITS[unit] : next })}
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
      <Unread value={value} />
    </div>
  );
}

function fitting(seconds: number | null): Unit {
  if (seconds !== null && seconds % UNITS.days === 0) return "days";
  return seconds !== null && seconds % UNITS.hours !== 0 ? "minutes" : "hours";
}
