import {
  type Announcements,
  type CollisionDetection,
  type DndContextProps,
  KeyboardCode,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import dayjs, { type Dayjs } from "dayjs";

import type { Values } from "@/api/types";
import { useTranslation } from "@/app/translation";

import { readWall } from "@/format/today";
import { useChange } from "../dates/change";
import { isDaily, wireMoment } from "../dates/moments";
import type { Entry } from "./entries";
import { useCalendarWords } from "./words";

export const HOUR_PX = 48;
const STEP_MINUTES = 15;
const LONG_PRESS_MS = 220;

/** The id of a place that takes entries: a day, or the hours of a day. */
export const placeId = (kind: "day" | "hours", day: Dayjs) => `${kind}:${day.format("YYYY-MM-DD")}`;

/** Where an entry comes to start when it is put down on a place, `dy` px from where it was lifted. */
export function startAt(entry: Pick<Entry, "from" | "allDay">, place: string, dy: number): Dayjs {
  const [kind, text] = place.split(":");
  const day = dayjs(text);
  if (entry.allDay) return day;
  const minutes = entry.from.diff(entry.from.startOf("day"), "minute");
  if (kind === "day") return day.add(minutes, "minute");
  const moved = minutes + Math.round(((dy / HOUR_PX) * 60) / STEP_MINUTES) * STEP_MINUTES;
  return day.add(Math.max(0, Math.min(24 * 60 - STEP_MINUTES, moved)), "minute");
}

/** What changes in the record: its start, and its end by as much. */
export function changesOf(entry: Entry, from: Dayjs): Values {
  const { dated } = entry.source;
  const changes: Values = { [dated.start.name]: wireMoment(dated.start, from) };
  const end = dated.end ? entry.row[dated.end.name] : null;
  if (dated.end && typeof end === "string" && end) {
    const by = isDaily(dated) ? from.diff(entry.from, "day") : from.diff(entry.from, "minute");
    changes[dated.end.name] = wireMoment(dated.end, readWall(end).add(by, isDaily(dated) ? "day" : "minute"));
  }
  return changes;
}

/** How entries are moved to another day or time: by mouse, a long press or the keyboard; each can be taken back. */
export function useMoving(onLift: (entry: Entry | null) => void): DndContextProps {
  const { t } = useTranslation();
  const words = useCalendarWords();
  const change = useChange();
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: LONG_PRESS_MS, tolerance: 8 } }),
    useSensor(KeyboardSensor, {
      coordinateGetter: toNextDay,
      keyboardCodes: { start: ["Space"], cancel: ["Escape"], end: ["Space", "Enter"] },
    }),
  );
  const announcements: Announcements = {
    onDragStart: ({ active }) => t("board.lifted", { card: (active.data.current?.entry as Entry).title }),
    onDragOver: ({ over }) => (over ? t("board.over", { column: words.day(dayOfPlace(over.id)) }) : undefined),
    onDragEnd: ({ over }) =>
      over ? t("board.dropped", { column: words.day(dayOfPlace(over.id)) }) : t("board.cancelled"),
    onDragCancel: () => t("board.cancelled"),
  };
  return {
    sensors,
    collisionDetection: byPointerThenCorner,
    accessibility: { announcements, screenReaderInstructions: { draggable: t("calendar.instructions") } },
    onDragStart: ({ active }) => onLift((active.data.current?.entry as Entry | undefined) ?? null),
    onDragCancel: () => onLift(null),
    onDragEnd: ({ active, over, delta }) => {
      onLift(null);
      const entry = active.data.current?.entry as Entry | undefined;
      if (!entry || !over) return;
      const from = startAt(entry, String(over.id), delta.y);
      if (from.isSame(entry.from)) return;
      const told = t("calendar.moved", { title: entry.title, when: words.moment(from, entry.allDay) });
      void change(entry.source.dated.object, entry.row, changesOf(entry, from), told);
    },
  };
}

function dayOfPlace(id: unknown): Dayjs {
  return dayjs(String(id).split(":")[1]);
}

/** Under the pointer; by keyboard under the entry's own corner. */
const byPointerThenCorner: CollisionDetection = (args) => {
  if (args.pointerCoordinates) return pointerWithin(args);
  const { left, top } = args.collisionRect;
  return pointerWithin({ ...args, pointerCoordinates: { x: left + 12, y: top + 8 } });
};

/** The arrow keys go from day to day; in the hours of a day up and down goes by a quarter. */
const toNextDay: KeyboardCoordinateGetter = (event, { context, currentCoordinates }) => {
  const over = context.over;
  if (!over) return undefined;
  const down = String(over.id).startsWith("hours:") ? (HOUR_PX * STEP_MINUTES) / 60 : over.rect.height;
  const steps: Record<string, [number, number]> = {
    [KeyboardCode.Left]: [-over.rect.width, 0],
    [KeyboardCode.Right]: [over.rect.width, 0],
    [KeyboardCode.Up]: [0, -down],
    [KeyboardCode.Down]: [0, down],
  };
  const step = steps[event.code];
  if (!step) return undefined;
  event.preventDefault();
  return { x: currentCoordinates.x + step[0], y: currentCoordinates.y + step[1] };
};
