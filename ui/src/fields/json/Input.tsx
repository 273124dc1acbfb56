import { Input } from "antd";
import { useState } from "react";

import type { InputProps } from "../kinds";

/** Structured data as text; what can't be read yet stays in the box and isn't passed on. */
export function JsonInput({ id, field, value, onChange, invalid, autoFocus, disabled }: InputProps) {
  const [text, setText] = useState(() => (value === null || value === undefined ? "" : JSON.stringify(value, null, 2)));
  const [broken, setBroken] = useState(false);
  const write = (next: string) => {
    setText(next);
    try {
      onChange({ [field.name]: next.trim() ? (JSON.parse(next) as unknown) : null });
      setBroken(false);
    } catch {
      setBroken(true);
    }
  };
  return (
    <Input.TextArea
      id={id}
      className="mono"
      value={text}
      status={invalid || broken ? "error" : undefined}
      autoFocus={autoFocus}
      disabled={disabled}
      autoSize={{ minRows: 3, maxRows: 12 }}
      onChange={(event) => write(event.target.value)}
    />
  );
}
