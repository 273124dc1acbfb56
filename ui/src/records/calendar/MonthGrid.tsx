import { useDroppable } from "@dnd-kit/core";
import type { Dayjs } from "dayjs";
import { Plus } from "lucide-react";
import { type MouseEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";

import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";

import { wallNow } from "@/format/today";
import styles from "./calendar.module.css";
import { Chip } from "./Chip";
import type { Entry } from "./entries";
import { barsOf, weeksOf } from "./grid";
import { placeId } from "./moving";
import { useCalendarWords } from "./words";

const NAMES_PX = 32;
const DATE_PX = 28;
const LANE_PX = 23;
const MORE_PX = 18;
const MOST_LANES = 8;

interface Props {
  days: Dayjs[];
  on: Dayjs;
  entries: Entry[];
  onOpenDay: (day: Dayjs) => void;
  /** Absent where nothing can be created. */
  onCreate?: (day: Dayjs, at: { x: number; y: number }) => void;
}

/** A month in weeks: what lasts for days runs across them. */
export function MonthGrid({ days, on, entries, onOpenDay, onCreate }: Props) {
  const words = useCalendarWords();
  const weeks = weeksOf(days);
  const [box, lanes] = useLanes(weeks.length);
  return (
    <div ref={box} className={styles.month}>
      <div className={styles.weekdays} aria-hidden>
        {days.slice(0, 7).map((day) => (
          <span key={day.day()}>{words.weekday(day)}</span>
        ))}
      </div>
      {weeks.map((week) => (
        <Week
          key={week[0]?.format("YYYY-MM-DD")}
          week={week}
          on={on}
          entries={entries}
          lanes={lanes}
          onOpenDay={onOpenDay}
          onCreate={onCreate}
        />
      ))}
    </div>
  );
}

/** As many lanes as there is room for in each week. */
function useLanes(weeks: number): [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setHeight(entry?.contentRect.height ?? 0));
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const room = (height - NAMES_PX) / weeks - DATE_PX - MORE_PX;
  return [box, height ? Math.max(1, Math.min(MOST_LANES, Math.floor(room / LANE_PX))) : 3];
}

function Week({ week, on, entries, lanes, onOpenDay, onCreate }: Omit<Props, "days"> & { week: Dayjs[]; lanes: number }) {
  const { t } = useTranslation();
  const bars = barsOf(entries, week);
  const hidden = week.map(
    (_, column) =>
      bars.filter((bar) => bar.lane >= lanes && bar.column <= column && column < bar.column + bar.width).length,
  );
  return (
    <div className={styles.week} style={{ gridTemplateRows: `${DATE_PX}px repeat(${lanes}, ${LANE_PX}px) minmax(${MORE_PX}px, 1fr)` }}>
      {week.map((day, column) => (
        <DayCell
          key={day.format("MM-DD")}
          day={day}
          column={column}
          faint={day.month() !== on.month()}
          onOpenDay={onOpenDay}
          onCreate={onCreate}
        />
      ))}
      {bars
        .filter((bar) => bar.lane < lanes)
        .map((bar) => (
          <Chip
            key={bar.item.key}
            entry={bar.item}
            place={week[0]?.format("MMDD") ?? ""}
            before={bar.before}
            after={bar.after}
            style={{ gridColumn: `${bar.column + 1} / span ${bar.width}`, gridRow: bar.lane + 2 }}
          />
        ))}
      {week.map((day, column) =>
        hidden[column] ? (
          <button
            key={day.format("MM-DD")}
            type="button"
            className={styles.more}
            style={{ gridColumn: column + 1, gridRow: lanes + 2 }}
            onClick={() => onOpenDay(day)}
          >
            {t("calendar.more", { count: hidden[column] })}
          </button>
        ) : null,
      )}
    </div>
  );
}

interface CellProps {
  day: Dayjs;
  column: number;
  faint: boolean;
  onOpenDay: (day: Dayjs) => void;
  onCreate?: (day: Dayjs, at: { x: number; y: number }) => void;
}

function DayCell({ day, column, faint, onOpenDay, onCreate }: CellProps) {
  const { t } = useTranslation();
  const words = useCalendarWords();
  const { setNodeRef, isOver } = useDroppable({ id: placeId("day", day) });
  const today = day.isSame(wallNow(), "day");
  const create = (event: MouseEvent) => onCreate?.(day, { x: event.clientX, y: event.clientY });
  return (
    <div
      ref={setNodeRef}
      className={cx(styles.cell, faint && styles.faint, isOver && styles.target, day.day() % 6 === 0 && styles.weekend)}
      style={{ gridColumn: column + 1, gridRow: "1 / -1" }}
      onClick={create}
    >
      <div className={styles.cellHead}>
        <button
          type="button"
          className={cx(styles.date, today && styles.today, "num")}
          aria-current={today ? "date" : undefined}
          onClick={(event) => {
            event.stopPropagation();
            onOpenDay(day);
          }}
        >
          <span className="sr-only">{words.day(day)}</span>
          <span aria-hidden>{day.date() === 1 ? day.format("M/D") : day.date()}</span>
        </button>
        {onCreate ? (
          <button
            type="button"
            className={styles.plus}
            aria-label={t("calendar.createOn", { day: words.day(day) })}
            onClick={(event) => {
              event.stopPropagation();
              create(event);
            }}
          >
            <Plus size={14} aria-hidden />
          </button>
        ) : null}
      </div>
    </div>
  );
}
