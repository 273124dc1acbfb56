import {
  type Announcements,
  type CollisionDetection,
  type DndContextProps,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  rectIntersection,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";

import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";

import { titleOf } from "../summary";
import type { Column } from "./columns";
import { toNextColumn } from "./keyboard";

const LONG_PRESS_MS = 220;

interface Hands {
  onLift: (row: Row | null) => void;
  onDrop: (row: Row, column: string) => void;
}

/** How cards are carried: by mouse, a long press or the keyboard, and what a screen reader hears of it. */
export function useCarrying(object: ObjectDefinition, columns: Column[], hands: Hands): DndContextProps {
  const { t } = useTranslation();
  const say = useLabel();
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: LONG_PRESS_MS, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: toNextColumn }),
  );
  const nameOf = (id: unknown) => {
    const column = columns.find((one) => one.id === id);
    return column?.label ? say(column.label) : t("board.unset");
  };
  const announcements: Announcements = {
    onDragStart: ({ active }) => t("board.lifted", { card: titleOf(object, active.data.current?.row as Row) }),
    onDragOver: ({ over }) => (over ? t("board.over", { column: nameOf(over.id) }) : undefined),
    onDragEnd: ({ over }) => (over ? t("board.dropped", { column: nameOf(over.id) }) : t("board.cancelled")),
    onDragCancel: () => t("board.cancelled"),
  };
  return {
    sensors,
    collisionDetection: byPointerThenRect,
    autoScroll: GENTLY,
    accessibility: { announcements, screenReaderInstructions: { draggable: t("board.instructions") } },
    onDragStart: ({ active }) => hands.onLift((active.data.current?.row as Row | undefined) ?? null),
    onDragCancel: () => hands.onLift(null),
    onDragEnd: ({ active, over }) => {
      hands.onLift(null);
      const row = active.data.current?.row as Row | undefined;
      if (row && over) hands.onDrop(row, String(over.id));
    },
  };
}

/** At the edge of the board a column takes half a second to come: slow enough to stop at it, on a phone too. */
const GENTLY = { acceleration: 3, threshold: { x: 0.15, y: 0.15 } };

const byPointerThenRect: CollisionDetection = (args) => {
  const under = pointerWithin(args);
  return under.length > 0 ? under : rectIntersection(args);
};
