import type { Field, ObjectDefinition } from "@/api/types";
import { isReference, targetOf } from "@/catalog/catalog";
import { Cell } from "@/fields/Cell";
import { isEmptyValue, isNumeric } from "@/fields/kinds";
import { refsOf } from "@/fields/reference/refs";

import { RecordName } from "../RecordName";
import styles from "./timeline.module.css";

/** A value as it once was, by the field's type and figures to the last digit; a reference by the name of what it points to. */
export function DiffValue({ object, field, value }: { object: ObjectDefinition; field: Field; value: unknown }) {
  if (isEmptyValue(value)) return <span className={styles.blank}>{"—"}</span>;
  if (!isReference(field)) return <Cell object={object} field={field} value={value} dense={!isNumeric(field)} />;
  return refsOf(value).map((ref) => <RecordName key={ref.id} object={targetOf(field)} id={ref.id} />);
}
