import { Segmented, Select } from "antd";
import dayjs from "dayjs";

import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { type NoticeSettings, useChangeSettings } from "@/notices/notices";

import { Clock } from "./Clock";
import { Line } from "./Section";
import styles from "./own.module.css";

const MORNING = { minute: 8 * 60 + 30, weekday: 0 };
/** A Monday. */
const MONDAY = dayjs("2026-03-02");
const EVERY = ["never", "daily", "weekly"] as const;

/** Whether and when what was not read comes by e-mail. */
export function DigestTimes({ settings }: { settings: NoticeSettings }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const change = useChangeSettings();
  const { digest, email, mail } = settings;
  const set = (next: Partial<NonNullable<NoticeSettings["digest"]>>) => {
    const { every, minute, weekday } = { every: "daily" as const, ...MORNING, ...digest, ...next };
    change.mutate({ digest: { every, minute, weekday } });
  };
  const hint = !mail ? "settings.digestNoServer" : email ? "settings.digestHint" : "settings.digestNoAddress";
  return (
    <Line label={t("settings.digest")} hint={t(hint, { email, zone: user.time_zone })}>
      {digest ? (
        <span className={styles.hours}>
          {digest.every === "weekly" ? (
            <Select<number>
              aria-label={t("settings.weekday")}
              value={digest.weekday}
              popupMatchSelectWidth={false}
              options={Array.from({ length: 7 }, (_, day) => ({ value: day, label: MONDAY.add(day, "day").format("dddd") }))}
              onChange={(weekday) => set({ weekday })}
            />
          ) : null}
          <Clock label={t("settings.digestAt")} minute={digest.minute} onChange={(minute) => set({ minute })} />
        </span>
      ) : null}
      <Segmented<(typeof EVERY)[number]>
        aria-label={t("settings.digest")}
        value={digest?.every ?? "never"}
        options={EVERY.map((every) => ({ value: every, label: t(`settings.every.${every}`) }))}
        onChange={(every) => (every === "never" ? change.mutate({ digest: null }) : set({ every }))}
      />
    </Line>
  );
}
