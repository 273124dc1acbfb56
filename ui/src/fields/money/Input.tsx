import { Select, Space } from "antd";

import { useTranslation } from "@/app/translation";
import { CURRENCIES, formatShort, isEnglish, toNumber } from "@/format/number";
import { MONEY_MARKS, typedCurrency } from "@/format/reading";

import type { InputProps } from "../kinds";
import { NumberBox, Unread } from "../number/Box";
import styles from "../fields.module.css";

/** An amount with its currency; big Chinese sums are read back in 万 and 亿 below. */
export function MoneyInput({ id, field, value, values, onChange, invalid, autoFocus, disabled }: InputProps) {
  const { t, i18n } = useTranslation();
  const amount = toNumber(value);
  const column = `${field.name}_currency`;
  const currency = String(values[column] ?? field.currency ?? "CNY");
  const options = [...new Set([currency, ...CURRENCIES])].map((code) => ({ value: code, label: code }));
  return (
    <div>
      <Space.Compact block>
        <Select
          aria-label={t("field.currency")}
          value={currency}
          options={options}
          disabled={disabled}
          popupMatchSelectWidth={false}
          style={{ width: 84, flex: "none" }}
          onChange={(next: string) => onChange({ [column]: next })}
        />
        <NumberBox
          id={id}
          value={value}
          marks={MONEY_MARKS}
          format={grouped}
          invalid={invalid}
          autoFocus={autoFocus}
          disabled={disabled}
          onChange={(next, typed) => {
            const beside = typedCurrency(typed, currency);
            onChange({ [field.name]: next, ...(beside ? { [column]: beside } : {}) });
          }}
        />
      </Space.Compact>
      <Unread value={value} />
      {amount !== null && Math.abs(amount) >= 10_000 && !isEnglish(i18n.language) ? (
        <span className={styles.readBack}>{formatShort(amount, i18n.language)}</span>
      ) : null}
    </div>
  );
}

function grouped(text: string): string {
  const [whole = "", ...rest] = text.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
}
