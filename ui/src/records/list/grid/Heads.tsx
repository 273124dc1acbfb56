import { Checkbox } from "antd";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Field, ObjectDefinition, Row } from "@/api/types";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { isNumeric } from "@/fields/kinds";

import type { Selection } from "../selection";
import { nextSort, readSort, type SortState } from "../sort";
import { Edge } from "./Edge";
import styles from "./grid.module.css";

interface Props {
  object: ObjectDefinition;
  title: Field | null;
  fields: Field[];
  rows: Row[];
  selection: Selection;
  selectable: boolean;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  onWidths?: (widths: Record<string, number>) => void;
  /** Whether a column without content takes the room that is left. */
  filled: boolean;
}

/** The heads of the columns: pressed they sort, drawn at their edge they change their width. */
export function Heads(props: Props) {
  const { object, title, fields, rows, selection, selectable, onSort, onWidths, filled } = props;
  const say = useLabel();
  const current = readSort(props.sort);
  return (
    <thead>
      <tr>
        <th scope="col" className={styles.tickCell}>
          {selectable ? <AllTick rows={rows} selection={selection} /> : <span className="sr-only">#</span>}
        </th>
        {title ? (
          <Head field={title} current={current} onSort={onSort} onWidths={onWidths} />
        ) : (
          <th scope="col">{say(object.label)}</th>
        )}
        {fields.map((field) => (
          <Head key={field.name} field={field} current={current} onSort={onSort} onWidths={onWidths} />
        ))}
        {filled ? <td /> : null}
      </tr>
    </thead>
  );
}

function AllTick({ rows, selection }: { rows: Row[]; selection: Selection }) {
  const { t } = useTranslation();
  const count = selection.ids.size;
  return (
    <Checkbox
      aria-label={t("list.selectAll")}
      disabled={rows.length === 0}
      checked={count > 0 && count === rows.length}
      indeterminate={count > 0 && count < rows.length}
      onChange={(event) => selection.setAll(event.target.checked ? rows.map((row) => row.id) : [])}
    />
  );
}

interface HeadProps {
  field: Field;
  current: SortState | null;
  onSort: (sort: string | undefined) => void;
  onWidths?: (widths: Record<string, number>) => void;
}

function Head({ field, current, onSort, onWidths }: HeadProps) {
  const say = useLabel();
  const sorted = current?.field === field.name ? current : null;
  const Arrow = sorted?.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      data-field={field.name}
      aria-label={say(field.label)}
      className={cx(isNumeric(field) && styles.right)}
      aria-sort={sorted ? (sorted.descending ? "descending" : "ascending") : undefined}
    >
      {field.sortable ? (
        <button type="button" className={styles.sorter} onClick={() => onSort(nextSort(current, field.name))}>
          <span className="cut">{say(field.label)}</span>
          <Arrow size={13} className={sorted ? undefined : styles.unsorted} aria-hidden />
        </button>
      ) : (
        <span className={cx(styles.headText, "cut")}>{say(field.label)}</span>
      )}
      {onWidths ? <Edge field={field} onWidths={onWidths} /> : null}
    </th>
  );
}
