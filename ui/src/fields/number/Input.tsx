import type { InputProps } from "../kinds";
import { NumberBox, Unread } from "./Box";

export function NumberInput({ id, field, value, onChange, invalid, autoFocus, disabled }: InputProps) {
  return (
    <div>
      <NumberBox
        id={id}
        value={value}
        invalid={invalid}
        autoFocus={autoFocus}
        disabled={disabled}
        onChange={(next) => onChange({ [field.name]: next })}
      />
      <Unread value={value} />
    </div>
  );
}
