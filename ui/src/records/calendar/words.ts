import type { Dayjs } from "dayjs";

import { useTranslation } from "@/app/translation";

import type { Span } from "./grid";

/** Days and stretches of time as the page's language writes them. */
export interface CalendarWords {
  weekday: (day: Dayjs) => string;
  day: (day: Dayjs) => string;
  moment: (at: Dayjs, allDay: boolean) => string;
  title: (span: Span, days: Dayjs[], on: Dayjs) => string;
}

export function useCalendarWords(): CalendarWords {
  const { i18n } = useTranslation();
  const written = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(i18n.language, options);
  const day = (at: Dayjs) => written({ month: "long", day: "numeric", weekday: "short" }).format(at.toDate());
  return {
    weekday: (at) => written({ weekday: "short" }).format(at.toDate()),
    day,
    moment: (at, allDay) => (allDay ? day(at) : `${day(at)} ${at.format("HH:mm")}`),
    title: (span, days, on) => {
      if (span === "month") return written({ year: "numeric", month: "long" }).format(on.toDate());
      const [first, last] = [days[0] ?? on, days.at(-1) ?? on];
      const whole = written({ year: "numeric", month: "long", day: "numeric" });
      if (span === "day") return whole.format(on.toDate());
      if (!i18n.language.startsWith("zh")) {
        return written({ year: "numeric", month: "short", day: "numeric" }).formatRange(first.toDate(), last.toDate());
      }
      const rest = first.isSame(last, "month") ? written({ day: "numeric" }) : written({ month: "long", day: "numeric" });
      return `${whole.format(first.toDate())} – ${rest.format(last.toDate())}`;
    },
  };
}
