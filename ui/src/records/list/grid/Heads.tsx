import { ArrowDown, ArrowUp } from "lucide-react";
import { memo, useState } from "react";

import type { Field, ObjectDefinition, Row } from "@/api/types";
import { painted } from "@/app/painted";
import { useStable } from "@/app/stable";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { Tick } from "@/design/Tick";
import { isNumeric } from "@/fields/kinds";

import type { Selection } from "../selection";
import { nextSort, readSort } from "../sort";
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
  const { object, title, fields, rows, selection, selectable, filled } = props;
  const say = useLabel();
  const [pressed, setPressed] = useState<{ sort: string | undefined; before: string | undefined } | null>(null);
  const current = readSort(pressed && pressed.before === props.sort ? pressed.sort : props.sort);
  const sortBy = useStable((field: string) => {
    const sort = nextSort(current, field);
    setPressed({ sort, before: props.sort });
    void painted().then(() => props.onSort(sort));
  });
  const setWidths = useStable((widths: Record<string, number>) => props.onWidths?.(widths));
  const onWidths = props.onWidths ? setWidths : undefined;
  const directionOf = (field: Field) => (current?.field !== field.name ? null : current.descending ? "descending" : "ascending");
  return (
    <thead>
      <tr>
        <th scope="col" className={styles.tickCell}>
          {selectable ? <AllTick rows={rows} selection={selection} /> : <span className="sr-only">#</span>}
        </th>
        {title ? (
          <Head field={title} direction={directionOf(title)} onSort={sortBy} onWidths={onWidths} />
        ) : (
          <th scope="col">{say(object.label)}</th>
        )}
        {fields.map((field) => (
          <Head key={field.name} field={field} direction={directionOf(field)} onSort={sortBy} onWidths={onWidths} />
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
    <Tick
      label={t("list.selectAll")}
      disabled={rows.length === 0}
      checked={count > 0 && count === rows.length}
      partly={count > 0 && count < rows.length}
      onChange={(all) => selection.setAll(all ? rows.map((row) => row.id) : [])}
    />
  );
}

interface HeadProps {
  field: Field;
  direction: "ascending" | "descending" | null;
  onSort: (field: string) => void;
  onWidths?: (widths: Record<string, number>) => void;
}

const Head = memo(function Head({ field, direction, onSort, onWidths }: HeadProps) {
  const say = useLabel();
  const Arrow = direction === "descending" ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      data-field={field.name}
      aria-label={say(field.label)}
      className={cx(isNumeric(field) && styles.right)}
      aria-sort={direction ?? undefined}
    >
      {field.sortable ? (
        <button type="button" className={styles.sorter} onClick={() => onSort(field.name)}>
          <span className="cut">{say(field.label)}</span>
          <Arrow size={13} className={direction ? undefined : styles.unsorted} aria-hidden />
        </button>
      ) : (
        <span className={cx(styles.headText, "cut")}>{say(field.label)}</span>
      )}
      {onWidths ? <Edge field={field} onWidths={onWidths} /> : null}
    </th>
  );
});
