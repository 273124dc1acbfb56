import { Switch } from "antd";

import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { type NoticeSettings, useChangeSettings } from "@/notices/notices";

import { Clock } from "./Clock";
import { Line } from "./Section";
import styles from "./own.module.css";

const NIGHT = { from: 22 * 60, to: 8 * 60 };

/** When nothing disturbs. */
export function QuietHours({ quiet }: Pick<NoticeSettings, "quiet">) {
  const { t } = useTranslation();
  const { user } = useSession();
  const change = useChangeSettings();
  const set = (next: NoticeSettings["quiet"]) => change.mutate({ quiet: next });
  return (
    <Line label={t("settings.quiet")} hint={t("settings.quietHint", { zone: user.time_zone })}>
      {quiet ? (
        <span className={styles.hours}>
          <Clock label={t("settings.quietFrom")} minute={quiet.from} onChange={(from) => set({ ...quiet, from })} />
          <span aria-hidden>–</span>
          <Clock label={t("settings.quietTo")} minute={quiet.to} onChange={(to) => set({ ...quiet, to })} />
        </span>
      ) : null}
      <Switch checked={quiet !== null} aria-label={t("settings.quiet")} onChange={(on) => set(on ? NIGHT : null)} />
    </Line>
  );
}
