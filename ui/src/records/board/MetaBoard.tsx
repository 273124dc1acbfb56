import {
  type Announcements,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  rectIntersection,
  type CollisionDetection,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { isStale } from "@/api/client";
import { keys, type ListQuery, records } from "@/api/records";
import type { Field, ObjectDefinition, Row, Values } from "@/api/types";
import { figureOf, may, optionsOf, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { toNumber } from "@/format/number";

import { spoilRecords } from "../cache";
import { useMove } from "../gate/move";
import { RecordCard } from "../RecordCard";
import { titleOf } from "../summary";
import styles from "./board.module.css";
import { BoardColumn } from "./BoardColumn";
import { toNextColumn } from "./keyboard";
import { moveCard } from "./optimism";

interface Props {
  object: ObjectDefinition;
  /** The select field whose values are the columns. */
  by: Field;
  fields: Field[];
  query: ListQuery;
}

/** Records in columns by stage or by a select field; a card is dragged by mouse, touch or keyboard. */
export function MetaBoard({ object, by, fields, query }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const catalog = useCatalog();
  const options = optionsOf(catalog, object, by);
  const drop = useDrop(object, by, query);
  const sums = useSums(object, by, query);
  const [dragged, setDragged] = useState<Row | null>(null);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: toNextColumn }),
  );
  const end = ({ active, over }: DragEndEvent) => {
    setDragged(null);
    const row = active.data.current?.row as Row | undefined;
    if (row && over && row[by.name] !== over.id) void drop(row, String(over.id));
  };
  const nameOf = (id: unknown) => say(options.find((option) => option.value === id)?.label);
  const announcements: Announcements = {
    onDragStart: ({ active }) => t("board.lifted", { card: titleOf(object, active.data.current?.row as Row) }),
    onDragOver: ({ over }) => (over ? t("board.over", { column: nameOf(over.id) }) : undefined),
    onDragEnd: ({ over }) => (over ? t("board.dropped", { column: nameOf(over.id) }) : t("board.cancelled")),
    onDragCancel: () => t("board.cancelled"),
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={byPointerThenRect}
      accessibility={{ announcements, screenReaderInstructions: { draggable: t("board.instructions") } }}
      onDragStart={({ active }: DragStartEvent) => setDragged((active.data.current?.row as Row | undefined) ?? null)}
      onDragEnd={end}
      onDragCancel={() => setDragged(null)}
    >
      <div className={styles.board}>
        {options.map((option) => (
          <BoardColumn
            key={option.value}
            object={object}
            by={by}
            option={option}
            fields={fields}
            query={query}
            figure={sums[option.value]}
            movable={may(object, "update")}
          />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged ? (
          <div className={styles.lifted}>
            <RecordCard object={object} fields={fields} row={dragged} without={by.name} />
          </div>
        ) : null}
      </DragOverlay>
    </DndContext>
  );
}

export interface ColumnFigure {
  count: number;
  sum: number | null;
}

/** Count and sum of every column, in one call; none while a search narrows the cards, which figures can't follow. */
function useSums(object: ObjectDefinition, by: Field, query: ListQuery): Record<string, ColumnFigure> {
  const figure = figureOf(object);
  const request = {
    group_by: [by.name],
    measures: [{ fn: "count" as const }, ...(figure ? [{ fn: "sum" as const, field: figure.name }] : [])],
    view: query.view,
    filter: query.filter,
  };
  const { data } = useQuery({
    queryKey: keys.sums(object.name, request),
    queryFn: () => records.aggregate(object.name, request),
    enabled: !query.q,
  });
  const rows = (!query.q && data?.rows) || [];
  return Object.fromEntries(
    rows.map((row: Values) => [
      String(row[by.name]),
      { count: toNumber(row.count) ?? 0, sum: figure ? toNumber(row[`sum_${figure.name}`]) : null },
    ]),
  );
}

/** Puts a card down: it moves at once, and goes back when the server refuses. */
function useDrop(object: ObjectDefinition, by: Field, query: ListQuery): (row: Row, to: string) => Promise<void> {
  const { message } = App.useApp();
  const { t } = useTranslation();
  const client = useQueryClient();
  const staged = pipelineOf(useCatalog(), object)?.field === by.name;
  const move = useMove(object);
  return async (row, to) => {
    const undo = moveCard(client, object.name, query, by.name, row, to);
    if (staged) {
      if ((await move(row, to)) !== "moved") undo();
      return;
    }
    try {
      await records.update(object.name, row.id, row.version, { [by.name]: to });
    } catch (error) {
      undo();
      void message.error(isStale(error) ? t("form.staleShort") : messageOf(error));
    }
    await spoilRecords(client);
  };
}

const byPointerThenRect: CollisionDetection = (args) => {
  const under = pointerWithin(args);
  return under.length > 0 ? under : rectIntersection(args);
};
