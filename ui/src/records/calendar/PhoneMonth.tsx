import type { Dayjs } from "dayjs";
import { CalendarX2, Plus } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";
import { RecordLink } from "@/design/RecordLink";

import { wallNow } from "@/format/today";
import styles from "./calendar.module.css";
import { ChipText, huesOf } from "./Chip";
import type { Entry } from "./entries";
import { useCalendarWords } from "./words";

const DOTS = 3;

interface Props {
  days: Dayjs[];
  on: Dayjs;
  entries: Entry[];
  loading: boolean;
  onOpenDay: (day: Dayjs) => void;
  /** Absent where nothing can be created. */
  onCreate?: (day: Dayjs, at: { x: number; y: number }) => void;
}

/** The month as dots, and below it what there is from the chosen day on. */
export function PhoneMonth({ days, on, entries, loading, onOpenDay, onCreate }: Props) {
  const { t } = useTranslation();
  const words = useCalendarWords();
  const from = on.startOf("day");
  const listed = days
    .filter((day) => !day.isBefore(from))
    .map((day) => ({ day, items: entriesOn(entries, day) }))
    .filter(({ day, items }) => items.length > 0 || day.isSame(from, "day"));
  return (
    <div className={styles.phone}>
      <div className={styles.mini} role="group" aria-label={words.title("month", days, on)}>
        {days.slice(0, 7).map((day) => (
          <span key={day.day()} className={styles.miniName} aria-hidden>
            {words.weekday(day).replace(/^周/, "")}
          </span>
        ))}
        {days.map((day) => {
          const items = entriesOn(entries, day);
          const today = day.isSame(wallNow(), "day");
          return (
            <button
              key={day.format("MM-DD")}
              type="button"
              className={cx(styles.miniDay, day.month() !== on.month() && styles.faint)}
              aria-pressed={day.isSame(on, "day")}
              onClick={() => onOpenDay(day)}
            >
              <span className="sr-only">{t("calendar.dayCount", { day: words.day(day), count: items.length })}</span>
              <span className={cx(styles.date, today && styles.today, "num")} aria-hidden>
                {day.date()}
              </span>
              <span className={styles.dots}>
                {items.slice(0, DOTS).map((entry) => (
                  <i key={entry.key} style={huesOf(entry)} />
                ))}
              </span>
            </button>
          );
        })}
      </div>
      {listed.map(({ day, items }) => (
        <section key={day.format("MM-DD")} className={styles.listed} aria-label={words.day(day)}>
          <h2>
            {words.day(day)}
            {onCreate ? (
              <button
                type="button"
                className={styles.plus}
                aria-label={t("calendar.createOn", { day: words.day(day) })}
                onClick={(event) => onCreate(day, { x: event.clientX, y: event.clientY })}
              >
                <Plus size={16} aria-hidden />
              </button>
            ) : null}
          </h2>
          {items.map((entry) => (
            <RecordLink
              key={entry.key}
              object={entry.source.dated.object.name}
              id={entry.row.id}
              className={cx(styles.chip, styles.line, entry.done && styles.finished)}
              style={huesOf(entry)}
            >
              <ChipText entry={entry} />
            </RecordLink>
          ))}
          {items.length === 0 && !loading ? (
            <p className={styles.free}>
              <CalendarX2 size={15} aria-hidden /> {t("calendar.free")}
            </p>
          ) : null}
        </section>
      ))}
    </div>
  );
}

function entriesOn(entries: Entry[], day: Dayjs): Entry[] {
  const end = day.add(1, "day");
  return entries
    .filter((entry) => entry.from.isBefore(end) && entry.to.isAfter(day))
    .sort((a, b) => Number(b.allDay) - Number(a.allDay) || a.from.diff(b.from));
}
