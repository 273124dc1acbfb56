import { DndContext, DragOverlay } from "@dnd-kit/core";
import { Button, Dropdown, Segmented } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";

import { useHotkeys } from "@/app/hotkeys";
import { useTranslation } from "@/app/translation";
import { may } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { cx } from "@/design/cx";
import { Failure } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { usePhone } from "@/design/media";

import { wallNow } from "@/format/today";
import { useCreate } from "../create/context";
import { isDaily, wireMoment } from "../dates/moments";
import styles from "./calendar.module.css";
import { ChipText, huesOf } from "./Chip";
import { type Entry, type Source, useEntries } from "./entries";
import { daysOf, type Span, SPANS, stepped } from "./grid";
import { MonthGrid } from "./MonthGrid";
import { useMoving } from "./moving";
import { PhoneMonth } from "./PhoneMonth";
import { TimeGrid } from "./TimeGrid";
import { useCalendarWords } from "./words";

/** Where a calendar is, as the address says it. */
export interface CalendarPlace {
  on?: string;
  span?: string;
}

interface Props {
  sources: Source[];
  place: CalendarPlace;
  onPlace: (place: CalendarPlace) => void;
  /** What stands in the bar beside the way through time. */
  children?: ReactNode;
}

const SCROLL_AT_THE_EDGE = { threshold: { x: 0.02, y: 0.06 } };

interface Asking {
  at: Dayjs;
  timed: boolean;
  x: number;
  y: number;
}

/** Records by their dates: a month, a week or a day; on a phone the month as dots and a list. */
export function Calendar({ sources, place, onPlace, children }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const words = useCalendarWords();
  const create = useCreate();
  const [lifted, setLifted] = useState<Entry | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  const moving = useMoving(setLifted);

  const asked = place.on ? dayjs(place.on) : wallNow();
  const on = asked.isValid() ? asked : wallNow();
  const span: Span = phone ? "month" : (SPANS.find((one) => one === place.span) ?? "month");
  const days = daysOf(span, on);
  const first = days[0] ?? on;
  const { entries, loading, error, cut } = useEntries(sources, first, (days.at(-1) ?? on).add(1, "day"));

  const go = (to: Dayjs, as: Span = span) =>
    onPlace({
      on: to.isSame(wallNow(), "day") ? undefined : to.format("YYYY-MM-DD"),
      span: as === "month" ? undefined : as,
    });
  const names: Record<Span, string> = { month: t("calendar.month"), week: t("calendar.week"), day: t("calendar.day") };
  useHotkeys({
    t: () => go(wallNow()),
    p: () => go(stepped(span, on, -1)),
    n: () => go(stepped(span, on, 1)),
    m: () => go(on, "month"),
    w: () => go(on, "week"),
    d: () => go(on, "day"),
  });

  const creatable = sources.filter(({ dated }) => may(dated.object, "create") && !dated.start.readonly);
  const createOf = (source: Source, { at, timed }: Asking) => {
    const { dated } = source;
    const moment = isDaily(dated) || timed ? at : at.hour(9);
    create({
      object: dated.object.name,
      prefill: { [dated.start.name]: wireMoment(dated.start, moment) },
      onCreated: () => undefined,
    });
  };
  const ask = (request: Asking) => {
    const [only] = creatable;
    if (creatable.length === 1 && only) createOf(only, request);
    else setAsking(request);
  };
  const onCreate =
    creatable.length > 0
      ? (at: Dayjs, where: { x: number; y: number }, timed = false) => ask({ at, timed, ...where })
      : undefined;

  return (
    <div className={styles.calendar}>
      <div className={styles.bar}>
        <IconButton label={t("calendar.back")} icon={<ChevronLeft size={16} />} onClick={() => go(stepped(span, on, -1))} />
        <Button size="small" onClick={() => go(wallNow())}>
          {t("calendar.today")}
        </Button>
        <IconButton label={t("calendar.on")} icon={<ChevronRight size={16} />} onClick={() => go(stepped(span, on, 1))} />
        <h2 className={cx(styles.title, "cut")} aria-live="polite">
          {words.title(span, days, on)}
        </h2>
        {cut ? <span className={styles.note}>{t("calendar.cut")}</span> : null}
        <span className={styles.space} />
        {children}
        {phone ? null : (
          <Segmented<Span>
            size="small"
            aria-label={t("calendar.span")}
            value={span}
            options={SPANS.map((one) => ({ value: one, label: names[one] }))}
            onChange={(next) => go(on, next)}
          />
        )}
      </div>
      {error ? (
        <Failure error={error} />
      ) : phone ? (
        <PhoneMonth
          days={days}
          on={on}
          entries={entries}
          loading={loading}
          onOpenDay={(day) => go(day)}
          onCreate={onCreate}
        />
      ) : (
        <DndContext {...moving} autoScroll={SCROLL_AT_THE_EDGE}>
          {span === "month" ? (
            <MonthGrid days={days} on={on} entries={entries} onOpenDay={(day) => go(day, "day")} onCreate={onCreate} />
          ) : (
            <TimeGrid days={days} entries={entries} onOpenDay={(day) => go(day, "day")} onCreate={onCreate} />
          )}
          <DragOverlay dropAnimation={null}>
            {lifted ? (
              <div className={cx(styles.chip, styles.lifted)} style={huesOf(lifted)}>
                <ChipText entry={lifted} />
              </div>
            ) : null}
          </DragOverlay>
        </DndContext>
      )}
      {asking ? (
        <WhichKind
          sources={creatable}
          asking={asking}
          title={words.moment(asking.at, !asking.timed)}
          onPick={(source) => createOf(source, asking)}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </div>
  );
}

interface WhichProps {
  sources: Source[];
  asking: Asking;
  title: string;
  onPick: (source: Source) => void;
  onClose: () => void;
}

/** Where several kinds of things are on the calendar: which one to create. */
function WhichKind({ sources, asking, title, onPick, onClose }: WhichProps) {
  const { t } = useTranslation();
  const say = useLabel();
  return (
    <Dropdown
      open
      autoFocus
      trigger={["click"]}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      menu={{
        items: [
          {
            key: "when",
            type: "group",
            label: title,
            children: sources.map((source) => ({
              key: source.dated.view.name,
              icon: <ObjectIcon name={source.dated.object.icon} size={15} />,
              label: t("action.createThing", { thing: say(source.dated.object.label) }),
              onClick: () => {
                onClose();
                onPick(source);
              },
            })),
          },
        ],
      }}
    >
      <span className={styles.anchor} style={{ left: asking.x, top: asking.y }} />
    </Dropdown>
  );
}
