import { BooleanCell } from "./boolean/Cell";
import { ContactCell } from "./contact/Cell";
import { DateCell } from "./date/Cell";
import { DurationCell } from "./duration/Cell";
import styles from "./fields.module.css";
import { FileCell } from "./file/Cell";
import { JsonCell } from "./json/Cell";
import { type CellProps, type Cells, familyOf, isEmptyValue } from "./kinds";
import { LocationCell } from "./location/Cell";
import { MoneyCell } from "./money/Cell";
import { NumberCell } from "./number/Cell";
import { PercentCell } from "./percent/Cell";
import { ReferenceCell } from "./reference/Cell";
import { SelectCell } from "./select/Cell";
import { TextCell } from "./text/Cell";

const CELLS: Cells = {
  text: TextCell,
  number: NumberCell,
  money: MoneyCell,
  percent: PercentCell,
  boolean: BooleanCell,
  date: DateCell,
  duration: DurationCell,
  select: SelectCell,
  reference: ReferenceCell,
  file: FileCell,
  location: LocationCell,
  contact: ContactCell,
  json: JsonCell,
};

/** Shows a field's value by its type; a quiet dash for none. */
export function Cell(props: CellProps) {
  if (isEmptyValue(props.value)) return <span className={styles.blank}>{props.dense ? "" : "—"}</span>;
  const Shown = CELLS[familyOf(props.field)];
  return <Shown {...props} />;
}
