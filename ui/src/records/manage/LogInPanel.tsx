import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Alert, Button } from "antd";
import { Copy, KeyRound, Link2, LogOut } from "lucide-react";
import { type ReactNode, useState } from "react";

import { admitting, admittingKey } from "@/api/admitting";
import type { ObjectDefinition, Row } from "@/api/types";
import { useCopy } from "@/app/copy";
import { useTranslation } from "@/app/translation";
import { BoneLines } from "@/design/Bones";
import { Failure, messageOf } from "@/design/Failure";
import { Panel } from "@/design/Panel";
import { Pill } from "@/design/Pill";
import { Time } from "@/design/Time";

import { readWall } from "@/format/today";
import { titleOf } from "../summary";
import styles from "./manage.module.css";

interface Props {
  object: ObjectDefinition;
  row: Row;
  open: boolean;
  onClose: () => void;
}

/** How a person logs in: a link to set a password by, and the sessions to end. */
export function LogInPanel({ object, row, open, onClose }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [link, setLink] = useState<{ url: string; until: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: admittingKey(row.id),
    queryFn: ({ signal }) => admitting.state(row.id, signal),
    enabled: open,
    staleTime: 0,
  });
  const name = titleOf(object, row);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
      await client.invalidateQueries({ queryKey: admittingKey(row.id) });
    } catch (failure) {
      void message.error(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };
  const make = () =>
    attempt(async () => {
      const made = await admitting.link(row.id);
      setLink({ url: window.location.origin + made.path, until: made.expires_at });
    });
  const end = () =>
    attempt(async () => {
      const { ended } = await admitting.endSessions(row.id);
      void message.success(t("admitting.ended", { count: ended }));
    });
  const copy = useCopy();
  return (
    <Panel
      open={open}
      title={t("admitting.title", { name })}
      width={520}
      onClose={onClose}
      onClosed={() => setLink(null)}
    >
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines lines={5} /> : null}
      {data ? (
        <div className={styles.stack}>
          <dl className={styles.facts}>
            <Fact name={t("admitting.username")}>{data.username}</Fact>
            <Fact name={t("admitting.may")}>
              <Pill color={data.active ? "green" : "gray"}>
                {t(data.active ? "admitting.active" : "admitting.inactive")}
              </Pill>
            </Fact>
            <Fact name={t("admitting.password")}>
              {data.password_at ? <Time value={data.password_at} /> : t("admitting.noPassword")}
            </Fact>
            <Fact name={t("admitting.seen")}>{data.seen_at ? <Time value={data.seen_at} /> : t("admitting.never")}</Fact>
            <Fact name={t("admitting.sessions")}>{data.sessions}</Fact>
            <Fact name={t("admitting.tokens")}>{data.tokens}</Fact>
          </dl>
          <section className={styles.giving}>
            <h3>{t(data.password_at ? "admitting.reset" : "admitting.invite")}</h3>
            {link ? (
              <>
                <Alert type="warning" showIcon title={t("admitting.once", { date: readWall(link.until).format("MM-DD HH:mm") })} />
                <code className={styles.url} data-testid="link">
                  {link.url}
                </code>
                <Button type="primary" icon={<Copy size={15} />} onClick={() => void copy(link.url, t("tokens.copied"))}>
                  {t("admitting.copy")}
                </Button>
              </>
            ) : (
              <>
                <p className={styles.hint}>{t("admitting.linkHint")}</p>
                {data.link_until ? (
                  <p className={styles.hint}>
                    {t("admitting.pending", { date: readWall(data.link_until).format("MM-DD HH:mm") })}
                  </p>
                ) : null}
                <Button
                  type="primary"
                  icon={data.password_at ? <KeyRound size={15} /> : <Link2 size={15} />}
                  disabled={!data.active}
                  loading={busy}
                  onClick={() => void make()}
                >
                  {t("admitting.make")}
                </Button>
              </>
            )}
          </section>
          {data.sessions > 0 ? (
            <section className={styles.giving}>
              <h3>{t("admitting.out")}</h3>
              <p className={styles.hint}>{t("admitting.outHint")}</p>
              <Button danger icon={<LogOut size={15} />} loading={busy} onClick={() => void end()}>
                {t("admitting.end", { count: data.sessions })}
              </Button>
            </section>
          ) : null}
        </div>
      ) : null}
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
