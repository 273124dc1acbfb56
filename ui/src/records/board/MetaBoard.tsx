import { DndContext, DragOverlay } from "@dnd-kit/core";
import { useState } from "react";

import type { ListQuery } from "@/api/records";
import type { Field, ObjectDefinition, Row, View } from "@/api/types";
import { may, useCatalog } from "@/catalog/catalog";

import { RecordCard } from "../RecordCard";
import { Age } from "./Age";
import styles from "./board.module.css";
import { BoardColumn } from "./BoardColumn";
import { columnId, columnsOf } from "./columns";
import { useCarrying } from "./carrying";
import { useDrop } from "./drop";
import { NO_FIGURE, summedFields, useFigures } from "./figures";
import { useFolding } from "./folding";

interface Props {
  object: ObjectDefinition;
  view: View | null;
  /** The select field whose values are the columns. */
  by: Field;
  fields: Field[];
  query: ListQuery;
}

/** Records in columns by stage or by a select field; a card is dragged by mouse, touch or keyboard. */
export function MetaBoard({ object, view, by, fields, query }: Props) {
  const catalog = useCatalog();
  const columns = columnsOf(catalog, object, by, view);
  const summed = summedFields(fields);
  const figures = useFigures(object.name, by.name, summed, query);
  const fold = useFolding(object.name, by.name);
  const drop = useDrop(object, by, query, summed);
  const [dragged, setDragged] = useState<Row | null>(null);
  const movable = may(object, "update") && !by.readonly && !by.derived;

  const put = (row: Row, to: string) => {
    const column = columns.find((one) => one.id === to);
    if (!column || columnId(row[by.name]) === to) return;
    const full = column.limit !== undefined && (figures?.get(to)?.count ?? 0) >= column.limit;
    void drop(row, column, Boolean(view?.strict_limits) && full);
  };
  const carrying = useCarrying(object, columns, { onLift: setDragged, onDrop: put });
  return (
    <DndContext {...carrying}>
      <div className={styles.board}>
        {columns.map((column) => {
          const figure = figures ? (figures.get(column.id) ?? NO_FIGURE) : null;
          if (column.value === null && figure?.count === 0) return null;
          const [folded, toggle] = fold(column, figure?.count ?? 0);
          return (
            <BoardColumn
              key={column.id}
              object={object}
              by={by}
              column={column}
              fields={fields}
              summed={summed}
              query={query}
              figure={figure}
              movable={movable}
              folded={folded}
              onFold={toggle}
            />
          );
        })}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged ? (
          <div className={styles.lifted}>
            <RecordCard
              object={object}
              fields={fields}
              row={dragged}
              without={by.name}
              mark={<Age row={dragged} column={columns.find((one) => one.id === columnId(dragged[by.name]))} />}
            />
          </div>
        ) : null}
      </DragOverlay>
    </DndContext>
  );
}
