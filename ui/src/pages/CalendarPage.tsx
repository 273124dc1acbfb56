import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { CalendarDays, CalendarX2, Rss } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import type { View } from "@/api/types";
import type { CalendarSearch } from "@/app/search";
import { useSession } from "@/app/session";
import { PageTitle } from "@/app/shell/slot";
import { HUES } from "@/app/theme/tokens";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Bar, Gap } from "@/design/Bar";
import { Empty } from "@/design/Empty";
import { quote } from "@/filters/codec";
import { Calendar } from "@/records/calendar/Calendar";
import type { Source } from "@/records/calendar/entries";
import { datedOf } from "@/records/dates/moments";

import styles from "./CalendarPage.module.css";

const FeedPanel = lazy(() => import("@/records/calendar/FeedPanel").then((module) => ({ default: module.FeedPanel })));

type Whose = "mine" | "team" | "all";

/** Every calendar that the viewer may see, on one. */
export function CalendarPage() {
  const { t } = useTranslation();
  const say = useLabel();
  const { user } = useSession();
  const search = useSearch({ from: "/shell/calendar" });
  const navigate = useNavigate({ from: "/calendar" });
  const calendars = useCalendars();
  const [subscribing, setSubscribing] = useState(false);
  const off = new Set((search.off ?? "").split(","));
  const whose: Whose = search.whose === "team" || search.whose === "all" ? search.whose : "mine";
  const change = (changes: Partial<CalendarSearch>) =>
    void navigate({ search: (now: CalendarSearch) => ({ ...now, ...changes }), replace: true });
  const toggle = (view: View) => {
    const next = new Set(off);
    if (!next.delete(view.name)) next.add(view.name);
    next.delete("");
    change({ off: [...next].sort().join(",") || undefined });
  };
  const people: { value: Whose; label: string }[] = [
    { value: "mine", label: t("calendar.mine") },
    ...(user.team ? [{ value: "team" as const, label: t("calendar.team") }] : []),
    { value: "all", label: t("calendar.all") },
  ];
  const filters: Record<Whose, string | undefined> = {
    mine: "owner == me",
    team: user.team ? `team == ${quote(user.team)}` : undefined,
    all: undefined,
  };
  return (
    <>
      <PageTitle text={t("calendar.title")}>
        <CalendarDays size={16} strokeWidth={1.7} aria-hidden />
        <h1 className="cut">{t("calendar.title")}</h1>
      </PageTitle>
      {calendars.length === 0 ? (
        <Empty icon={<CalendarX2 size={22} />} title={t("calendar.none")} hint={t("calendar.noneHint")} />
      ) : (
        <>
          <Bar look="plain">
            <div className={styles.kinds} role="group" aria-label={t("calendar.kinds")}>
              {calendars.map(({ dated, hue }) => (
                <button
                  key={dated.view.name}
                  type="button"
                  className={styles.kind}
                  aria-pressed={!off.has(dated.view.name)}
                  onClick={() => toggle(dated.view)}
                >
                  <i style={{ background: `var(--${hue ?? "gray"}-dot)` }} aria-hidden />
                  {say(dated.view.label)}
                </button>
              ))}
            </div>
            <Gap />
            <Segmented<Whose>
              size="small"
              aria-label={t("calendar.whose")}
              value={whose}
              options={people}
              onChange={(next) => change({ whose: next === "mine" ? undefined : next })}
            />
            <Button size="small" icon={<Rss size={13} />} aria-haspopup="dialog" onClick={() => setSubscribing(true)}>
              {t("feed.button")}
            </Button>
          </Bar>
          <Calendar
            sources={calendars
              .filter(({ dated }) => !off.has(dated.view.name))
              .map((source) => ({ ...source, query: { ...source.query, filter: filters[whose] } }))}
            place={search}
            onPlace={({ on, span }) => change({ on, span })}
          />
          <Suspense>
            {subscribing ? <FeedPanel onClosed={() => setSubscribing(false)} /> : null}
          </Suspense>
        </>
      )}
    </>
  );
}

/** The calendar views of the catalog, each in a colour of its own. */
function useCalendars(): Source[] {
  const catalog = useCatalog();
  return catalog.views
    .filter((view) => view.kind === "calendar")
    .flatMap((view) => {
      const object = catalog.objects[view.object];
      const dated = object ? datedOf(object, view) : null;
      return dated ? [{ dated, query: { view: view.name } }] : [];
    })
    .map((source, index) => ({ ...source, hue: HUES[1 + (index % (HUES.length - 1))] }));
}
