import type { Field, ObjectDefinition, Row } from "@/api/types";
import { isReference, targetOf } from "@/catalog/catalog";
import { Cell } from "@/fields/Cell";
import { isEmptyValue, isNumeric } from "@/fields/kinds";
import { refsOf } from "@/fields/reference/refs";

import { currencyColumn } from "../merging";
import { RecordName } from "../RecordName";
import styles from "./timeline.module.css";

interface Props {
  object: ObjectDefinition;
  field: Field;
  row: Row;
  value: unknown;
  /** Of an amount: the currency that it was in. */
  currency?: string | null;
}

/** A value as it once was, by the field's type and figures to the last digit; a reference by the name of what it points to. */
export function DiffValue({ object, field, row, value, currency }: Props) {
  if (isEmptyValue(value)) return <span className={styles.blank}>{"—"}</span>;
  if (!isReference(field)) {
    const then = currency ? { ...row, [currencyColumn(field.name)]: currency } : row;
    return <Cell object={object} field={field} value={value} row={then} dense={!isNumeric(field)} />;
  }
  return refsOf(value).map((ref) => <RecordName key={ref.id} object={targetOf(field)} id={ref.id} />);
}
