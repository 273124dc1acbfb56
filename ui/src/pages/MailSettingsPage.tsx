import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Mail, Plus } from "lucide-react";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { Lead, Page } from "@/design/Page";
import { AccountCard } from "@/mail/AccountCard";
import { AccountForm } from "@/mail/AccountForm";
import { type Account, accountsQuery } from "@/mail/accounts";
import styles from "@/mail/accounts.module.css";

/** The mail accounts that one writes with: setting them up and trying them. */
export function MailSettingsPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(accountsQuery);
  const [editing, setEditing] = useState<Account | "new" | null>(null);
  return (
    <>
      <Page icon={Mail} title={t("places.mailAccounts")} width="narrow">
        <Lead note={t("mail.accountsHint")}>
          <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setEditing("new")}>
            {t("mail.addAccount")}
          </Button>
        </Lead>
        {error ? <Failure error={error} retry={() => void refetch()} /> : null}
        {!data && !error ? <BoneLines lines={5} /> : null}
        {data?.items.length === 0 ? <Empty icon={<Mail size={20} />} title={t("mail.noAccounts")} hint={t("mail.noAccountsHint")} /> : null}
        <ul className={styles.accounts}>
          {data?.items.map((one) => (
            <AccountCard key={one.id} account={one} onEdit={() => setEditing(one)} />
          ))}
        </ul>
        {data ? <p className={styles.privacy}>{t(data.tracking ? "mail.trackingOn" : "mail.trackingOff")}</p> : null}
      </Page>
      {editing ? <AccountForm account={editing === "new" ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
