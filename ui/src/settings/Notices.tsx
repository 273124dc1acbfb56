import { useQuery } from "@tanstack/react-query";
import { Switch } from "antd";

import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Failure } from "@/design/Failure";
import { type Choice, type KindSetting, settingsQuery, useChangeSettings } from "@/notices/notices";

import { DigestTimes } from "./DigestTimes";
import { QuietHours } from "./QuietHours";
import { Section } from "./Section";
import styles from "./own.module.css";

const CHANNELS = ["in_app", "toast", "chat", "digest"] as const;

/** Which kinds of notifications come by what; when nothing disturbs, and when the digest comes. */
export function Notices() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <>
      <Section id="kinds" title={t("settings.kinds")} hint={t("settings.noticesHint")}>
        {error ? <Failure error={error} retry={() => void refetch()} /> : null}
        {!data && !error ? <BoneLines lines={6} /> : null}
        {data ? (
          <table className={styles.kinds}>
            <thead>
              <tr>
                <th scope="col">{t("settings.kind")}</th>
                {CHANNELS.map((channel) => (
                  <th key={channel} scope="col">
                    {t(`settings.channel.${channel}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.items.map((kind) => (
                <KindRow key={kind.kind} kind={kind} />
              ))}
            </tbody>
          </table>
        ) : null}
      </Section>
      {data ? (
        <Section id="times" title={t("settings.times")}>
          <QuietHours quiet={data.quiet} />
          <DigestTimes settings={data} />
        </Section>
      ) : null}
    </>
  );
}

function KindRow({ kind }: { kind: KindSetting }) {
  const { t } = useTranslation();
  const say = useLabel();
  const change = useChangeSettings();
  const pending = change.isPending && "kinds" in change.variables ? change.variables.kinds[kind.kind] : undefined;
  const now: Choice = pending ?? kind;
  const choose = (channel: keyof Choice, on: boolean) => {
    const { in_app, toast, chat, digest } = now;
    change.mutate({ kinds: { [kind.kind]: { in_app, toast, chat, digest, [channel]: on } } });
  };
  return (
    <tr>
      <th scope="row">
        {say(kind.label)}{" "}
        {kind.urgent ? <span className={styles.urgent}>{t("bell.urgent")}</span> : null}
      </th>
      {CHANNELS.map((channel) => (
        <td key={channel}>
          <Switch
            size="small"
            checked={now.in_app && now[channel]}
            disabled={channel !== "in_app" && !now.in_app}
            aria-label={`${say(kind.label)}: ${t(`settings.channel.${channel}`)}`}
            onChange={(on) => choose(channel, on)}
          />
        </td>
      ))}
    </tr>
  );
}
