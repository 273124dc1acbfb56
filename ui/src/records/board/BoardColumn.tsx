import { useDraggable, useDroppable } from "@dnd-kit/core";

import type { ListQuery } from "@/api/records";
import type { Field, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { Bone } from "@/design/Bones";
import { cx } from "@/design/cx";
import { messageOf } from "@/design/Failure";

import { Sentinel } from "../list/Sentinel";
import { useRows } from "../query";
import { RecordCard } from "../RecordCard";
import { titleOf } from "../summary";
import { Age } from "./Age";
import styles from "./board.module.css";
import { ColumnHead } from "./ColumnHead";
import { type Column, columnQuery } from "./columns";
import type { Figure } from "./figures";

interface Props {
  object: ObjectDefinition;
  by: Field;
  column: Column;
  fields: Field[];
  summed: Field[];
  query: ListQuery;
  figure: Figure | null;
  movable: boolean;
  folded: boolean;
  onFold: () => void;
}

/** One column, whose cards are read page by page; folded it is a strip that still takes cards. */
export function BoardColumn(props: Props) {
  const { object, by, column, fields, query, movable, folded } = props;
  const { t } = useTranslation();
  const say = useLabel();
  const { setNodeRef, isOver } = useDroppable({ id: column.id });
  const result = useRows(object.name, columnQuery(query, by.name, column.value), !folded);
  const label = column.label ? say(column.label) : t("board.unset");
  const shown = result.more ? `${result.rows.length}+` : String(result.rows.length);
  return (
    <section
      ref={setNodeRef}
      className={cx(styles.column, isOver && styles.over, folded && styles.folded)}
      aria-label={label}
    >
      <ColumnHead
        label={label}
        column={column}
        summed={props.summed}
        figure={props.figure}
        shown={folded || result.loading ? "" : shown}
        folded={folded}
        onFold={props.onFold}
      />
      {folded ? null : (
        <div className={styles.cards}>
          {result.loading ? <BoneCards /> : null}
          {result.error ? <p className={styles.none}>{messageOf(result.error)}</p> : null}
          {result.rows.map((row) => (
            <Draggable
              key={row.id}
              object={object}
              fields={fields}
              row={row}
              column={column}
              without={by.name}
              disabled={!movable}
            />
          ))}
          {!result.loading && !result.error && result.rows.length === 0 ? (
            <p className={styles.none}>{movable ? t("board.empty") : t("board.nothing")}</p>
          ) : null}
          {result.more ? <Sentinel result={result} /> : null}
        </div>
      )}
    </section>
  );
}

interface DraggableProps {
  object: ObjectDefinition;
  fields: Field[];
  row: Row;
  column: Column;
  without: string;
  disabled: boolean;
}

function Draggable({ object, fields, row, column, without, disabled }: DraggableProps) {
  const { t } = useTranslation();
  const { attributes, listeners, setNodeRef, isDragging } = useDraggable({ id: row.id, data: { row }, disabled });
  return (
    <div
      ref={setNodeRef}
      {...attributes}
      {...listeners}
      role="group"
      aria-roledescription={t("board.card")}
      aria-label={titleOf(object, row)}
      className={cx(styles.draggable, isDragging && styles.dragging)}
    >
      <RecordCard
        object={object}
        fields={fields}
        row={row}
        without={without}
        mark={<Age row={row} column={column} />}
      />
    </div>
  );
}

function BoneCards() {
  return (
    <>
      {[0, 1, 2].map((index) => (
        <div key={index} className={styles.bone} aria-hidden>
          <Bone width="70%" height={14} />
          <Bone width="90%" />
          <Bone width="40%" />
        </div>
      ))}
    </>
  );
}
