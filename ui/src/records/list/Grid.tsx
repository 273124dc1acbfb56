import { Checkbox } from "antd";
import { ArrowDown, ArrowUp } from "lucide-react";
import { memo, type MouseEvent } from "react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Field, ObjectDefinition, Row } from "@/api/types";
import { fieldOf, may } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Bone } from "@/design/Bones";
import { cx } from "@/design/cx";
import { Cell } from "@/fields/Cell";
import { isNumeric, widthOf } from "@/fields/kinds";

import type { Rows } from "../query";
import { titleOf } from "../summary";
import styles from "./list.module.css";
import { Sentinel } from "./Sentinel";
import type { Selection } from "./selection";
import { nextSort, readSort, type SortState } from "./sort";

const TITLE_WIDTH = 280;
const TICK_WIDTH = 44;
const MARGIN_WIDTH = 14;

interface Props {
  object: ObjectDefinition;
  fields: Field[];
  result: Rows;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  selection: Selection;
  active: number;
  onOpen: (row: Row) => void;
}

export function Grid({ object, fields, result, sort, onSort, selection, active, onOpen }: Props) {
  const say = useLabel();
  const { rows } = result;
  const selectable = may(object, "bulk");
  const width = fields.reduce((sum, field) => sum + widthOf(field), TITLE_WIDTH + TICK_WIDTH);
  const current = readSort(sort);
  const title = fieldOf(object, object.title);
  return (
    <div className={styles.scroll}>
      <table
        className={cx(styles.grid, result.stale && styles.stale, !selectable && styles.unselectable)}
        style={{ minWidth: width }}
        aria-label={say(object.plural)}
      >
        <colgroup>
          <col style={{ width: selectable ? TICK_WIDTH : MARGIN_WIDTH }} />
          <col style={{ minWidth: TITLE_WIDTH }} />
          {fields.map((field) => (
            <col key={field.name} style={{ width: widthOf(field) }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col" className={styles.tickCell}>
              {selectable ? <AllTick rows={rows} selection={selection} /> : <span className="sr-only">#</span>}
            </th>
            {title ? (
              <Head field={title} current={current} onSort={onSort} />
            ) : (
              <th scope="col">{say(object.label)}</th>
            )}
            {fields.map((field) => (
              <Head key={field.name} field={field} current={current} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {result.loading
            ? Array.from({ length: 14 }, (_, index) => <BoneRow key={index} index={index} fields={fields} />)
            : rows.map((row, index) => (
                <GridRow
                  key={row.id}
                  object={object}
                  fields={fields}
                  row={row}
                  active={index === active}
                  selected={selection.ids.has(row.id)}
                  onTick={selectable ? selection.toggle : undefined}
                  onOpen={onOpen}
                />
              ))}
        </tbody>
      </table>
      <Sentinel result={result} />
    </div>
  );
}

function AllTick({ rows, selection }: { rows: Row[]; selection: Selection }) {
  const { t } = useTranslation();
  const count = selection.ids.size;
  return (
    <Checkbox
      aria-label={t("list.selectAll")}
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
}

function Head({ field, current, onSort }: HeadProps) {
  const say = useLabel();
  const sorted = current?.field === field.name ? current : null;
  const Arrow = sorted?.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
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
    </th>
  );
}

interface RowProps {
  object: ObjectDefinition;
  fields: Field[];
  row: Row;
  active: boolean;
  selected: boolean;
  onTick?: (id: string) => void;
  onOpen: (row: Row) => void;
}

const GridRow = memo(function GridRow({ object, fields, row, active, selected, onTick, onOpen }: RowProps) {
  const title = titleOf(object, row);
  const press = (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest("a, button, input, label")) return;
    if (window.getSelection()?.toString()) return;
    onOpen(row);
  };
  return (
    <tr
      id={`row-${row.id}`}
      className={cx(styles.row, active && styles.active, selected && styles.selected)}
      aria-selected={selected}
      onClick={press}
    >
      <td className={styles.tickCell}>
        {onTick ? <Checkbox aria-label={title} checked={selected} onChange={() => onTick(row.id)} /> : null}
      </td>
      <th scope="row" className={styles.titleCell}>
        <Link
          to="/records/$object/$id"
          params={{ object: object.name, id: row.id }}
          className={cx(styles.title, "cut")}
          title={title}
        >
          {title}
        </Link>
      </th>
      {fields.map((field) => (
        <td key={field.name} className={cx(isNumeric(field) && styles.right)}>
          <div className={styles.value}>
            <Cell object={object} field={field} value={row[field.name]} row={row} dense />
          </div>
        </td>
      ))}
    </tr>
  );
});

function BoneRow({ fields, index }: { fields: Field[]; index: number }) {
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
