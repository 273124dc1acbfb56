import { PanelRight } from "lucide-react";
import { memo, type MouseEvent } from "react";

import type { Field, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { Bone } from "@/design/Bones";
import { cx } from "@/design/cx";
import { RecordLink } from "@/design/RecordLink";
import { Tick } from "@/design/Tick";
import { Cell } from "@/fields/Cell";
import { isNumeric } from "@/fields/kinds";

import { titleOf } from "../../summary";
import { EditCell } from "../edit/EditCell";
import type { CellActs, EditedCell } from "../edit/useCellEditing";
import styles from "./grid.module.css";
import type { Cursor } from "./lines";

interface Props {
  object: ObjectDefinition;
  fields: Field[];
  row: Row;
  /** Its place among all lines. */
  line: number;
  active: boolean;
  /** The field that the cursor stands on. */
  pointed: string | null;
  selected: boolean;
  filled: boolean;
  onTick?: (id: string) => void;
  onOpen: (row: Row) => void;
  onPoint?: (cursor: Cursor) => void;
  onPeek?: (id: string) => void;
  editing: CellActs | null;
  /** The cell of this row that is being edited. */
  edited: EditedCell | null;
}

export const GridRow = memo(function GridRow(props: Props) {
  const { object, fields, row, line, active, pointed, selected, onTick, onOpen, onPoint, editing } = props;
  const { t } = useTranslation();
  const title = titleOf(object, row);
  const press = (event: MouseEvent) => {
    const target = event.target as HTMLElement;
    if (target.closest("a, button, input, label, textarea, [data-editor]")) return;
    if (window.getSelection()?.toString()) return;
    const name = target.closest<HTMLElement>("[data-field]")?.dataset.field ?? null;
    const field = fields.find((one) => one.name === name);
    onPoint?.({ id: row.id, field: field?.name ?? null });
    if (field && editing?.may(row, field)) editing.start(row, field);
    else if (!editing?.any || !field) onOpen(row);
  };
  return (
    <tr
      id={`row-${row.id}`}
      className={cx(styles.row, active && styles.active, selected && styles.selected)}
      aria-selected={selected}
      aria-rowindex={line + 2}
      onClick={press}
    >
      <td className={styles.tickCell}>
        {onTick ? <Tick label={title} checked={selected} onChange={() => onTick(row.id)} /> : null}
      </td>
      <th scope="row" className={styles.titleCell}>
        <RecordLink object={object.name} id={row.id} className={cx(styles.title, "cut")} title={title}>
          {title}
        </RecordLink>
        {props.onPeek ? (
          <button
            type="button"
            className={styles.peek}
            tabIndex={-1}
            aria-label={t("list.preview", { title })}
            onClick={() => props.onPeek?.(row.id)}
          >
            <PanelRight size={14} aria-hidden />
          </button>
        ) : null}
      </th>
      {fields.map((field) => {
        const isEdited = props.edited?.field === field.name;
        return (
          <td
            key={field.name}
            data-field={field.name}
            className={cx(
              isNumeric(field) && styles.right,
              pointed === field.name && styles.pointed,
              isEdited && styles.edited,
              editing?.may(row, field) && styles.editable,
            )}
          >
            {isEdited && editing && props.edited ? (
              <EditCell object={object} field={field} row={row} edited={props.edited} editing={editing} fields={fields} />
            ) : (
              <div className={styles.value}>
                <Cell object={object} field={field} value={row[field.name]} row={row} dense />
              </div>
            )}
          </td>
        );
      })}
      {props.filled ? <td /> : null}
    </tr>
  );
});

export function BoneRow({ fields, index }: { fields: Field[]; index: number }) {
  return (
    <tr className={styles.row} aria-hidden>
      <td className={styles.tickCell} />
      <th scope="row">
        <Bone width={`${44 + ((index * 37) % 40)}%`} />
      </th>
      {fields.map((field) => (
        <td key={field.name}>
          <Bone width="64%" />
        </td>
      ))}
    </tr>
  );
}
