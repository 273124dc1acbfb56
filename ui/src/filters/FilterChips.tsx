import { X } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Field, ObjectDefinition } from "@/api/types";
import { fieldOf, optionsOf, targetOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { formatNumber, formatShortMoney } from "@/format/number";
import { RecordName } from "@/records/RecordName";

import styles from "./filters.module.css";
import { operatorsOf } from "./operators";
import { type FilterRow, readRows, writeRows } from "./rows";

interface Props {
  object: ObjectDefinition;
  filter: string;
  onChange: (filter: string) => void;
}

/** The conditions in force, each of which can be taken away. */
export function FilterChips({ object, filter, onChange }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const rows = readRows(filter, object.fields);
  if (!filter) return null;
  if (!rows) {
    return (
      <div className={styles.chips}>
        <span className={styles.chip}>
          <code className="cut">{filter}</code>
          <Remove label={t("filter.clear")} onClick={() => onChange("")} />
        </span>
      </div>
    );
  }
  return (
    <div className={styles.chips}>
      {rows.map((row, index) => {
        const field = fieldOf(object, row.field);
        const rest = rows.filter((_, place) => place !== index);
        return field ? (
          <span key={index} className={styles.chip}>
            <b>{say(field.label)}</b>
            <span>{t(`operator.${row.operator}`)}</span>
            <ChipValue object={object} field={field} row={row} />
            <Remove
              label={t("filter.remove", { field: say(field.label) })}
              onClick={() => onChange(writeRows(rest, object.fields))}
            />
          </span>
        ) : null;
      })}
    </div>
  );
}

function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className={styles.chipRemove} aria-label={label} onClick={onClick}>
      <X size={13} aria-hidden />
    </button>
  );
}

interface ValueProps {
  object: ObjectDefinition;
  field: Field;
  row: FilterRow;
}

function ChipValue({ object, field, row }: ValueProps) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const options = optionsOf(useCatalog(), object, field);
  const kind = operatorsOf(field.stored_type).find((one) => one.id === row.operator)?.value;
  if (kind === "none" || row.value === null) return null;
  if (kind === "record")
    return (
      <b className="cut">
        <RecordName object={targetOf(field)} id={String(row.value)} />
      </b>
    );
  if (kind === "days" || kind === "hours") return <b>{t(`span.${kind}`, { count: Number(row.value) })}</b>;
  if (kind === "number") {
    const value = Number(row.value);
    const text =
      field.stored_type === "money"
        ? formatShortMoney(value, field.currency ?? "CNY", i18n.language)
        : formatNumber(value, i18n.language);
    return <b>{text}</b>;
  }
  const names = (Array.isArray(row.value) ? row.value : [row.value]).map((value) =>
    say(options.find((option) => option.value === value)?.label ?? String(value)),
  );
  return <b className="cut">{names.join(t("filter.comma"))}</b>;
}
