import { useDraggable, useDroppable } from "@dnd-kit/core";
import { useTranslation } from "react-i18next";

import type { ListQuery } from "@/api/records";
import type { Field, ObjectDefinition, Option, Row } from "@/api/types";
import { figureOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Bone } from "@/design/Bones";
import { cx } from "@/design/cx";
import { messageOf } from "@/design/Failure";
import { Dot } from "@/design/Pill";
import { formatShortMoney } from "@/format/number";

import { Sentinel } from "../list/Sentinel";
import { useRows } from "../query";
import { RecordCard } from "../RecordCard";
import { titleOf } from "../summary";
import styles from "./board.module.css";
import { columnQuery } from "./column";
import type { ColumnFigure } from "./MetaBoard";

interface Props {
  object: ObjectDefinition;
  by: Field;
  option: Option;
  fields: Field[];
  query: ListQuery;
  figure: ColumnFigure | undefined;
  movable: boolean;
}

export function BoardColumn({ object, by, option, fields, query, figure, movable }: Props) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const { setNodeRef, isOver } = useDroppable({ id: option.value });
  const result = useRows(object.name, columnQuery(query, by.name, option.value));
  const currency = figureOf(object)?.currency ?? "CNY";
  const label = say(option.label);
  const count = figure?.count ?? result.rows.length;
  return (
    <section ref={setNodeRef} className={cx(styles.column, isOver && styles.over)} aria-label={label}>
      <header className={styles.head}>
        <Dot color={option.color} />
        <h2 className="cut">{label}</h2>
        <span className={styles.count} aria-label={t("board.count", { count })}>
          {figure || !result.more ? count : `${count}+`}
        </span>
        {figure?.sum ? (
          <span className={cx(styles.sum, "num")}>{formatShortMoney(figure.sum, currency, i18n.language)}</span>
        ) : null}
      </header>
      <div className={styles.cards}>
        {result.loading ? <BoneCards /> : null}
        {result.error ? <p className={styles.none}>{messageOf(result.error)}</p> : null}
        {result.rows.map((row) => (
          <Draggable key={row.id} object={object} fields={fields} row={row} without={by.name} disabled={!movable} />
        ))}
        {!result.loading && !result.error && result.rows.length === 0 ? (
          <p className={styles.none}>{t("board.empty")}</p>
        ) : null}
        {result.more ? <Sentinel result={result} /> : null}
      </div>
    </section>
  );
}

interface DraggableProps {
  object: ObjectDefinition;
  fields: Field[];
  row: Row;
  without: string;
  disabled: boolean;
}

function Draggable({ object, fields, row, without, disabled }: DraggableProps) {
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
      <RecordCard object={object} fields={fields} row={row} without={without} />
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
