import type { Dayjs } from "dayjs";

import { DatePicker } from "@/design/DatePicker";
import { usePhone } from "@/design/media";

import { instantOf, readWall } from "@/format/today";
import type { InputProps } from "../kinds";

/** A calendar day (kept as text) or an instant (kept in UTC, shown in the viewer's zone). */
export function DateInput({ id, field, value, onChange, invalid, autoFocus, eager, disabled }: InputProps) {
  const phone = usePhone();
  const isInstant = field.stored_type === "datetime";
  const shown = typeof value === "string" && value ? readWall(value) : null;
  const write = (next: Dayjs | null) => {
    const text = next && (isInstant ? instantOf(next).toISOString() : next.format("YYYY-MM-DD"));
    onChange({ [field.name]: text });
  };
  return (
    <DatePicker
      id={id}
      value={shown}
      showTime={isInstant ? { format: "HH:mm", minuteStep: 5 } : false}
      format={isInstant ? "YYYY-MM-DD HH:mm" : "YYYY-MM-DD"}
      status={invalid ? "error" : undefined}
      autoFocus={autoFocus}
      defaultOpen={eager}
      disabled={disabled}
      inputReadOnly={phone}
      style={{ width: "100%" }}
      onChange={(next) => write(next)}
    />
  );
}
