import { Input } from "antd";

import type { InputProps } from "../kinds";

const MODES = { phone: "tel", email: "email", url: "url" } as const;

export function ContactInput({ id, field, value, onChange, invalid, autoFocus, disabled }: InputProps) {
  const mode = MODES[field.stored_type as keyof typeof MODES];
  return (
    <Input
      id={id}
      type={mode === "tel" ? "tel" : "text"}
      inputMode={mode}
      autoComplete="off"
      value={(value as string | null) ?? ""}
      maxLength={field.max_length || undefined}
      placeholder={mode === "url" ? "https://" : undefined}
      status={invalid ? "error" : undefined}
      autoFocus={autoFocus}
      disabled={disabled}
      onChange={(event) => onChange({ [field.name]: event.target.value.trim() || null })}
    />
  );
}
