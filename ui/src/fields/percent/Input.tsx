import type { InputProps } from "../kinds";
import { NumberBox, Unread } from "../number/Box";

const MARKS = ["%"];

export function PercentInput({ id, field, value, onChange, invalid, autoFocus, disabled }: InputProps) {
  return (
    <div>
      <NumberBox
        id={id}
        value={value}
        marks={MARKS}
        suffix="%"
        invalid={invalid}
        autoFocus={autoFocus}
        disabled={disabled}
        onChange={(next) => onChange({ [field.name]: next })}
      />
      <Unread value={value} />
    </div>
  );
}
