import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { Monitor, Smartphone } from "lucide-react";

import { api } from "@/api/client";
import { useTranslation } from "@/app/translation";
import { BoneLines } from "@/design/Bones";
import { Failure, messageOf } from "@/design/Failure";
import { Time } from "@/design/Time";

import { agentOf } from "./agent";
import { Section } from "./Section";
import styles from "./own.module.css";

interface OwnSession {
  id: string;
  opened_at: string;
  seen_at: string;
  agent: string;
  current: boolean;
}

const KEY = ["sessions"];

/** Where the viewer is logged in, each to be ended. */
export function Sessions() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await api.get<{ items: OwnSession[] }>("/api/sessions", {}, signal)).items,
  });
  const end = useMutation({
    mutationFn: async (ids: string[]) => {
      for (const id of ids) await api.delete(`/api/sessions/${id}`);
    },
    onError: (failure) => void message.error(messageOf(failure)),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
  const others = data?.filter((session) => !session.current).map((session) => session.id) ?? [];
  return (
    <Section id="sessions" title={t("settings.sessions")} hint={t("settings.sessionsHint")}>
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines lines={3} /> : null}
      <ul>
        {data?.map((session) => (
          <SessionLine key={session.id} session={session} busy={end.isPending} onEnd={() => end.mutate([session.id])} />
        ))}
      </ul>
      {others.length > 1 ? (
        <div className={styles.foot}>
          <Button danger loading={end.isPending} onClick={() => end.mutate(others)}>
            {t("settings.endOthers", { count: others.length })}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

function SessionLine({ session, busy, onEnd }: { session: OwnSession; busy: boolean; onEnd: () => void }) {
  const { t } = useTranslation();
  const { browser, device, phone } = agentOf(session.agent);
  const Icon = phone ? Smartphone : Monitor;
  const name = [browser, device].filter(Boolean).join(" · ") || t("settings.unknownDevice");
  return (
    <li className={styles.session}>
      <span className={styles.device}>
        <Icon size={17} strokeWidth={1.7} aria-hidden />
      </span>
      <div className={styles.label}>
        <p>
          {name}
          {session.current ? <span className={styles.current}>{t("settings.thisDevice")}</span> : null}
        </p>
        <p className={styles.hint}>
          {t("settings.lastSeen")} <Time value={session.seen_at} /> · {t("settings.openedAt")}{" "}
          <Time value={session.opened_at} />
        </p>
      </div>
      {session.current ? null : (
        <Button size="small" disabled={busy} onClick={onEnd} aria-label={`${t("settings.end")} ${name}`}>
          {t("settings.end")}
        </Button>
      )}
    </li>
  );
}
