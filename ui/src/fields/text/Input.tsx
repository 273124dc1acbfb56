import { Input } from "antd";

import type { InputProps } from "../kinds";

export function TextInput({ id, field, value, onChange, invalid, autoFocus, disabled }: InputProps) {
  const shared = {
    id,
    value: (value as string | null) ?? "",
    maxLength: field.max_length || undefined,
    status: invalid ? ("error" as const) : undefined,
    autoFocus,
    disabled,
    onChange: (event: { target: { value: string } }) => onChange({ [field.name]: event.target.value || null }),
  };
  if (field.stored_type === "long_text") return <Input.TextArea {...shared} autoSize={{ minRows: 3, maxRows: 12 }} />;
  return <Input {...shared} />;
}
