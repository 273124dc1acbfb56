import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Popconfirm } from "antd";
import { CircleCheck, CircleX, Trash2 } from "lucide-react";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { Pill } from "@/design/Pill";
import { Time } from "@/design/Time";

import { type Account, accounts, accountsQuery, type Tried } from "./accounts";
import styles from "./accounts.module.css";

/** One account: how its servers fare, trying them, and the address for mail that comes in without IMAP. */
export function AccountCard({ account, onEdit }: { account: Account; onEdit: () => void }) {
  const { t } = useTranslation();
  const say = useLabel();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState<{ smtp: Tried | null; imap: Tried | null } | null>(null);
  const [hook, setHook] = useState<{ secret: string; url: string } | null>(null);
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
    } catch (failure) {
      void message.error(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };
  const remove = () =>
    attempt(async () => {
      await accounts.remove(account.id);
      await client.invalidateQueries({ queryKey: accountsQuery.queryKey });
    });
  return (
    <li className={styles.account}>
      <div className={styles.accountHead}>
        <div>
          <h2>{account.address}</h2>
          <p className={styles.quiet}>{account.name}</p>
        </div>
        {account.team ? <Pill color="purple">{t("mail.ofTeam")}</Pill> : null}
        {account.mine ? (
          <div className={styles.deeds}>
            <Button size="small" loading={busy} onClick={() => void attempt(async () => setTried(await accounts.test(account.id)))}>
              {t("mail.try")}
            </Button>
            <Button size="small" onClick={onEdit}>
              {t("mail.change")}
            </Button>
            <Popconfirm title={t("mail.removeAccount")} okText={t("mail.remove")} cancelText={t("mail.keep")} onConfirm={() => void remove()}>
              <span>
                <IconButton size="small" danger label={t("mail.remove")} icon={<Trash2 size={15} />} />
              </span>
            </Popconfirm>
          </div>
        ) : null}
      </div>
      {account.failure ? (
        <p className={styles.failure} role="alert">
          {say(account.failure)} {say(account.failure.hint)}
        </p>
      ) : null}
      <dl className={styles.facts}>
        <Fact name={t("mail.outgoing")} host={account.smtp_host} port={account.smtp_port} tried={tried?.smtp} />
        <Fact name={t("mail.incoming")} host={account.imap_host} port={account.imap_port} tried={tried?.imap} />
        {account.checked_at ? (
          <div>
            <dt>{t("mail.checked")}</dt>
            <dd>
              <Time value={account.checked_at} />
            </dd>
          </div>
        ) : null}
      </dl>
      {account.mine && !account.imap_host ? (
        <div className={styles.hook}>
          <p className={styles.quiet}>{t("mail.webhookHint")}</p>
          {hook ? (
            <>
              <Input readOnly aria-label={t("mail.webhookUrl")} value={hook.url} />
              <Input readOnly aria-label={t("mail.webhookSecret")} value={hook.secret} />
              <p className={styles.quiet}>{t("mail.shownOnce")}</p>
            </>
          ) : (
            <Button size="small" onClick={() => void attempt(async () => setHook(await accounts.webhook(account.id)))}>
              {t(account.has_webhook ? "mail.newWebhook" : "mail.makeWebhook")}
            </Button>
          )}
        </div>
      ) : null}
    </li>
  );
}

function Fact({ name, host, port, tried }: { name: string; host: string; port: number; tried: Tried | null | undefined }) {
  const { t } = useTranslation();
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {host ? `${host}:${port}` : t("mail.notSet")}
        {tried ? (
          <span className={tried.ok ? styles.well : styles.ill} role="status">
            {tried.ok ? <CircleCheck size={14} aria-hidden /> : <CircleX size={14} aria-hidden />}
            {tried.ok ? t("mail.works") : `${tried.message ?? ""} ${tried.hint ?? ""}`}
          </span>
        ) : null}
      </dd>
    </div>
  );
}
