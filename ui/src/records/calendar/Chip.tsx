import { useDraggable } from "@dnd-kit/core";
import { useNavigate } from "@tanstack/react-router";
import { Check } from "lucide-react";
import type { CSSProperties } from "react";

import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { cx } from "@/design/cx";

import styles from "./calendar.module.css";
import type { Entry } from "./entries";
import { useCalendarWords } from "./words";

interface Props {
  entry: Entry;
  /** Where it is drawn, so that an entry over several weeks can be held by each of its parts. */
  place: string;
  style?: CSSProperties;
  /** There is room for its time under its name. */
  tall?: boolean;
  before?: boolean;
  after?: boolean;
}

/** An entry on the calendar: opens its record, and is carried to another day. */
export function Chip({ entry, place, style, tall, before, after }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const words = useCalendarWords();
  const navigate = useNavigate();
  const { object } = entry.source.dated;
  const { attributes, listeners, setNodeRef, isDragging } = useDraggable({
    id: `${entry.key}@${place}`,
    data: { entry },
    disabled: !entry.movable,
  });
  const open = () =>
    void navigate({ to: "/records/$object/$id", params: { object: object.name, id: entry.row.id } });
  const { onKeyDown, ...pointers } = listeners ?? {};
  const label = [
    say(object.label),
    entry.title,
    words.moment(entry.from, entry.allDay),
    entry.done ? t("calendar.done") : "",
  ];
  return (
    <div
      ref={setNodeRef}
      {...attributes}
      {...pointers}
      role="link"
      tabIndex={0}
      aria-roledescription={undefined}
      aria-disabled={undefined}
      aria-pressed={undefined}
      className={cx(
        styles.chip,
        tall && styles.tall,
        entry.done && styles.finished,
        isDragging && styles.dragging,
        before && styles.cutLeft,
        after && styles.cutRight,
      )}
      style={{ ...style, ...huesOf(entry) }}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === "Enter") open();
        else (onKeyDown as ((event: unknown) => void) | undefined)?.(event);
      }}
    >
      <span className="sr-only">{label.filter(Boolean).join(", ")}</span>
      <ChipText entry={entry} tall={tall} silent />
    </div>
  );
}

/** What a chip says; `silent` where it is said otherwise. */
export function ChipText({ entry, tall, silent }: { entry: Entry; tall?: boolean; silent?: boolean }) {
  const { object } = entry.source.dated;
  return (
    <>
      <span className={styles.name} aria-hidden={silent}>
        {entry.done ? <Check size={12} aria-hidden /> : <ObjectIcon name={object.icon} size={12} />}
        {entry.allDay || tall ? null : <span className={cx(styles.time, "num")}>{entry.from.format("HH:mm")}</span>}
        <span className={styles.words}>{entry.title}</span>
      </span>
      {tall ? (
        <span className={cx(styles.time, "num")} aria-hidden={silent}>
          {entry.from.format("HH:mm")}–{entry.to.format("HH:mm")}
        </span>
      ) : null}
    </>
  );
}

export function huesOf(entry: Entry): CSSProperties {
  return {
    "--chip-ink": `var(--${entry.hue}-ink)`,
    "--chip-soft": `var(--${entry.hue}-soft)`,
    "--chip-dot": `var(--${entry.hue}-dot)`,
  } as CSSProperties;
}
