import { useQuery } from "@tanstack/react-query";
import { Switch } from "antd";
import { useTranslation } from "react-i18next";

import { useSession } from "@/app/session";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Failure } from "@/design/Failure";
import { type KindSetting, type NoticeSettings, settingsQuery, useChangeSettings } from "@/notices/notices";

import { Line, Section } from "./Section";
import styles from "./own.module.css";

const NIGHT = { from: 22 * 60, to: 8 * 60 };

/** Which kinds of notifications come, and how; and when nothing pops up. */
export function Notices() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <Section id="notifications" title={t("settings.notices")} hint={t("settings.noticesHint")}>
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines lines={6} /> : null}
      {data ? (
        <>
          <table className={styles.kinds}>
            <thead>
              <tr>
                <th scope="col">{t("settings.kind")}</th>
                <th scope="col">{t("settings.inApp")}</th>
                <th scope="col">{t("settings.toast")}</th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((kind) => (
                <KindRow key={kind.kind} kind={kind} />
              ))}
            </tbody>
          </table>
          <QuietHours quiet={data.quiet} />
        </>
      ) : null}
    </Section>
  );
}

function KindRow({ kind }: { kind: KindSetting }) {
  const { t } = useTranslation();
  const say = useLabel();
  const change = useChangeSettings();
  const { in_app, toast } = change.isPending ? (change.variables as Kinds).kinds[kind.kind] ?? kind : kind;
  const choose = (choice: { in_app: boolean; toast: boolean }) => change.mutate({ kinds: { [kind.kind]: choice } });
  return (
    <tr>
      <th scope="row">
        {say(kind.label)}
        {kind.urgent ? <span className={styles.urgent}>{t("bell.urgent")}</span> : null}
      </th>
      <td>
        <Switch
          size="small"
          checked={in_app}
          aria-label={`${say(kind.label)}: ${t("settings.inApp")}`}
          onChange={(on) => choose({ in_app: on, toast: on && toast })}
        />
      </td>
      <td>
        <Switch
          size="small"
          checked={in_app && toast}
          disabled={!in_app}
          aria-label={`${say(kind.label)}: ${t("settings.toast")}`}
          onChange={(on) => choose({ in_app, toast: on })}
        />
      </td>
    </tr>
  );
}

interface Kinds {
  kinds: Record<string, { in_app: boolean; toast: boolean }>;
}

function QuietHours({ quiet }: { quiet: NoticeSettings["quiet"] }) {
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

interface ClockProps {
  label: string;
  minute: number;
  onChange: (minute: number) => void;
}

function Clock({ label, minute, onChange }: ClockProps) {
  const text = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return (
    <input
      type="time"
      className={styles.clock}
      aria-label={label}
      value={text}
      onChange={(event) => {
        const [hours, minutes] = event.target.value.split(":").map(Number);
        if (hours !== undefined && minutes !== undefined) onChange(hours * 60 + minutes);
      }}
    />
  );
}
