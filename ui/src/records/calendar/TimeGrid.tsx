import { useDroppable } from "@dnd-kit/core";
import type { Dayjs } from "dayjs";
import { Plus } from "lucide-react";
import { type MouseEvent, useEffect, useRef } from "react";

import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";

import { wallNow } from "@/format/today";
import styles from "./calendar.module.css";
import { Chip } from "./Chip";
import type { Entry } from "./entries";
import { barsOf, blocksOf } from "./grid";
import { HOUR_PX, placeId } from "./moving";
import { useCalendarWords } from "./words";

const FIRST_SEEN_HOUR = 8;
const TALL_MINUTES = 40;

interface Props {
  days: Dayjs[];
  entries: Entry[];
  onOpenDay: (day: Dayjs) => void;
  /** Absent where nothing can be created. `timed`: at that time, not just on that day. */
  onCreate?: (at: Dayjs, place: { x: number; y: number }, timed: boolean) => void;
}

/** A week or a day by the hour; what has only a day lies on top. */
export function TimeGrid({ days, entries, onOpenDay, onCreate }: Props) {
  const { t } = useTranslation();
  const words = useCalendarWords();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.scrollTo({ top: FIRST_SEEN_HOUR * HOUR_PX - 12 });
  }, []);
  const bars = barsOf(
    entries.filter((entry) => entry.allDay),
    days,
  );
  const timed = entries.filter((entry) => !entry.allDay);
  const lanes = Math.max(1, ...bars.map((bar) => bar.lane + 1));
  const columns = { gridTemplateColumns: `repeat(${days.length}, minmax(0, 1fr))` };
  return (
    <div className={styles.times} ref={box}>
      <div className={styles.top}>
        <span className={styles.gutter} />
        <div className={styles.allDay} style={{ ...columns, gridTemplateRows: `40px repeat(${lanes}, 24px) 8px` }}>
          {days.map((day, column) => (
            <AllDayCell key={day.format("MM-DD")} day={day} column={column} onOpenDay={onOpenDay} onCreate={onCreate} />
          ))}
          {bars.map((bar) => (
            <Chip
              key={bar.item.key}
              entry={bar.item}
              place="days"
              before={bar.before}
              after={bar.after}
              style={{ gridColumn: `${bar.column + 1} / span ${bar.width}`, gridRow: bar.lane + 2 }}
            />
          ))}
        </div>
      </div>
      <div className={styles.hours}>
        <div className={cx(styles.gutter, "num")} aria-hidden>
          {Array.from({ length: 23 }, (_, hour) => (
            <span key={hour} style={{ top: (hour + 1) * HOUR_PX }}>
              {String(hour + 1).padStart(2, "0")}:00
            </span>
          ))}
        </div>
        <div className={styles.columns} style={{ ...columns, height: 24 * HOUR_PX }}>
          {days.map((day) => (
            <Hours
              key={day.format("MM-DD")}
              day={day}
              label={t("calendar.hoursOf", { day: words.day(day) })}
              entries={timed}
              onCreate={onCreate}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function AllDayCell({
  day,
  column,
  onOpenDay,
  onCreate,
}: Pick<Props, "onOpenDay" | "onCreate"> & { day: Dayjs; column: number }) {
  const { t } = useTranslation();
  const words = useCalendarWords();
  const { setNodeRef, isOver } = useDroppable({ id: placeId("day", day) });
  const today = day.isSame(wallNow(), "day");
  const create = (event: MouseEvent) => onCreate?.(day, { x: event.clientX, y: event.clientY }, false);
  return (
    <div
      ref={setNodeRef}
      className={cx(styles.cell, isOver && styles.target)}
      style={{ gridColumn: column + 1, gridRow: "1 / -1" }}
      onClick={create}
    >
      <div className={styles.dayHead}>
        <span>{words.weekday(day)}</span>
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
          <span aria-hidden>{day.date()}</span>
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

function Hours({
  day,
  label,
  entries,
  onCreate,
}: Pick<Props, "entries" | "onCreate"> & { day: Dayjs; label: string }) {
  const { setNodeRef, isOver } = useDroppable({ id: placeId("hours", day) });
  const now = wallNow();
  const create = (event: MouseEvent<HTMLDivElement>) => {
    const { top } = event.currentTarget.getBoundingClientRect();
    const half = Math.floor(((event.clientY - top) / HOUR_PX) * 2);
    onCreate?.(day.add(half * 30, "minute"), { x: event.clientX, y: event.clientY }, true);
  };
  return (
    <div
      ref={setNodeRef}
      role="group"
      aria-label={label}
      className={cx(styles.column, isOver && styles.target, day.day() % 6 === 0 && styles.weekend)}
      onClick={create}
    >
      {blocksOf(entries, day).map(({ item, top, minutes, column, columns }) => (
        <Chip
          key={item.key}
          entry={item}
          place={day.format("MMDD")}
          tall={minutes >= TALL_MINUTES}
          style={{
            position: "absolute",
            top: (top / 60) * HOUR_PX + 1,
            height: (minutes / 60) * HOUR_PX - 2,
            left: `calc(${(column / columns) * 100}% + 2px)`,
            width: `calc(${100 / columns}% - 4px)`,
          }}
        />
      ))}
      {now.isSame(day, "day") ? (
        <span className={styles.now} style={{ top: (now.diff(day, "minute") / 60) * HOUR_PX }} aria-hidden />
      ) : null}
    </div>
  );
}
