import { ChevronDown, ChevronRight } from "lucide-react";

import type { Field, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { isReference, targetOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { Person } from "@/design/Avatar";
import { Cell } from "@/fields/Cell";
import { isNumeric } from "@/fields/kinds";
import { refsOf } from "@/fields/reference/refs";
import { formatNumber } from "@/format/number";

import { RecordName } from "../../RecordName";
import { Figure } from "./Figure";
import styles from "./grid.module.css";
import { type Group, keyOf } from "./groups";

interface Props {
  object: ObjectDefinition;
  by: Field;
  group: Group;
  folded: boolean;
  fields: Field[];
  /** Rows that are there already: they know the names of records. */
  rows: Row[];
  filled: boolean;
  onToggle: (key: string) => void;
}

/** The head of a group: its value, how many there are, and figures under their columns. Pressed it folds. */
export function GroupRow({ object, by, group, folded, fields, rows, filled, onToggle }: Props) {
  return (
    <tr className={styles.group}>
      <th scope="rowgroup" colSpan={2} className={styles.groupHead}>
        <GroupHead object={object} by={by} group={group} folded={folded} rows={rows} onToggle={onToggle} />
      </th>
      {fields.map((field) => (
        <td key={field.name} className={cx(isNumeric(field) && styles.right)}>
          <Figure field={field} value={group.sums[field.name]} />
        </td>
      ))}
      {filled ? <td /> : null}
    </tr>
  );
}

/** What stands for a group, and folds it. */
export function GroupHead({ object, by, group, folded, rows, onToggle }: Omit<Props, "fields" | "filled">) {
  const { i18n } = useTranslation();
  const Arrow = folded ? ChevronRight : ChevronDown;
  return (
    <button type="button" className={styles.fold} aria-expanded={!folded} onClick={() => onToggle(group.key)}>
      <Arrow size={15} aria-hidden />
      <GroupName object={object} by={by} group={group} rows={rows} />
      <span className={styles.groupCount}>{formatNumber(group.count, i18n.language)}</span>
    </button>
  );
}

function GroupName({ object, by, group, rows }: Pick<Props, "object" | "by" | "group" | "rows">) {
  const { t } = useTranslation();
  const say = useLabel();
  if (group.key === "") return <span className={styles.none}>{t("list.noValue", { field: say(by.label) })}</span>;
  if (!isReference(by)) return <Cell object={object} field={by} value={group.value} dense />;
  const known = rows.find((row) => keyOf(row[by.name]) === group.key);
  const label = refsOf(known?.[by.name])[0]?.label;
  if (!label) return <RecordName object={targetOf(by)} id={group.key} />;
  return by.stored_type === "user" ? <Person name={label} /> : <span className="cut">{label}</span>;
}
