import { Input } from "antd";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { toNumber } from "@/format/number";
import { readNumber, typedValue } from "@/format/reading";

import styles from "../fields.module.css";

interface Props {
  id?: string;
  "aria-label"?: string;
  /** A number, or what was typed and could not be read. */
  value: unknown;
  /** What may stand beside the number. */
  marks?: readonly string[];
  /** How the number is shown while it isn't edited. */
  format?: (plain: string) => string;
  suffix?: string;
  invalid?: boolean;
  autoFocus?: boolean;
  disabled?: boolean;
  onChange: (value: number | string | null, typed: string) => void;
}

/** A number, typed as people write it. What can't be read is marked and handed on as it stands: it is neither cut nor lost. */
export function NumberBox({ value, marks, format = String, suffix, invalid, autoFocus, onChange, ...rest }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const [composing, setComposing] = useState(false);
  const [focused, setFocused] = useState(Boolean(autoFocus));
  const number = toNumber(value);
  const plain = String(number ?? value ?? "");
  const shown = typed ?? (number === null || focused ? plain : format(plain));
  const wrong = invalid || (!composing && readNumber(shown, marks) === undefined);
  /** Half of what an input method composes isn't what is meant. */
  const take = (text: string, half: boolean) => {
    setTyped(text);
    setComposing(half);
    if (!half) onChange(typedValue(text, marks), text);
  };
  return (
    <Input
      {...rest}
      value={shown}
      suffix={suffix}
      status={wrong ? "error" : undefined}
      aria-invalid={wrong || undefined}
      autoComplete="off"
      autoFocus={autoFocus}
      onFocus={() => setFocused(true)}
      onBlur={() => {
        setFocused(false);
        setTyped(null);
      }}
      onChange={(event) => take(event.target.value, (event.nativeEvent as InputEvent).isComposing)}
      onCompositionEnd={(event) => take(event.currentTarget.value, false)}
    />
  );
}

/** How to write a number, where what was typed can't be read as one. */
export function Unread({ value }: { value: unknown }) {
  const { t } = useTranslation();
  if (typeof value !== "string" || !value || toNumber(value) !== null) return null;
  return (
    <span className={styles.unread} role="alert">
      {t("field.unread")}
    </span>
  );
}
