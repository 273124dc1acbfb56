import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { App, Button, Checkbox } from "antd";
import { PackageCheck, UserRoundMinus } from "lucide-react";
import { useState } from "react";

import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { Page } from "@/design/Page";
import { type Choices, ruledBy } from "@/handover/choices";
import { handOver, type Holdings, holdingsQuery, pastQuery } from "@/handover/handover";
import styles from "@/handover/handover.module.css";
import { PastHandOvers } from "@/handover/PastHandOvers";
import { People } from "@/handover/People";
import { What } from "@/handover/What";

import { NotFoundPage } from "./NotFoundPage";

export function HandOverPage() {
  const { permissions } = useSession();
  return permissions.includes("hand_over") ? <HandingOver /> : <NotFoundPage />;
}

/** Everything of one person: what there is, who takes it, and how far it is. */
function HandingOver() {
  const { t } = useTranslation();
  const { user } = useParams({ from: "/shell/handover/$user" });
  const { data, error, refetch } = useQuery(holdingsQuery(user));
  const title = t("handover.title", { name: data?.person.label ?? "" });
  return (
    <Page icon={UserRoundMinus} title={title} width="narrow">
      <p className={styles.intro}>{t("handover.intro")}</p>
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines lines={8} /> : null}
      {data ? <Plan key={data.person.id} holdings={data} /> : null}
      <PastHandOvers person={user} />
    </Page>
  );
}

function Plan({ holdings }: { holdings: Holdings }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [rest, setRest] = useState<string[]>([]);
  const [choices, setChoices] = useState<Choices>({});
  const [close, setClose] = useState(holdings.may_close);
  const [busy, setBusy] = useState(false);
  const { rules, mail, complete } = ruledBy(holdings, choices);
  const ready = rest.length > 0 || complete;
  const start = async () => {
    setBusy(true);
    try {
      await handOver(holdings.person.id, { rules, mail, ...(rest.length > 0 ? { rest } : {}), close });
      await client.invalidateQueries({ queryKey: pastQuery.queryKey });
      void message.success(t("handover.started"));
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  if (holdings.records.length + holdings.mail.length === 0 && !holdings.may_close) {
    return <Empty icon={<PackageCheck size={22} />} title={t("handover.nothing")} hint={t("handover.nothingHint")} />;
  }
  return (
    <>
      <section className={styles.rest}>
        <label htmlFor="handover-rest">{t("handover.rest")}</label>
        <People id="handover-rest" but={holdings.person.id} value={rest} onChange={setRest} />
        <small>{t("handover.restHint")}</small>
      </section>
      <What holdings={holdings} choices={choices} onChoose={(what, choice) => setChoices({ ...choices, [what]: choice })} />
      <Beside holdings={holdings} />
      <footer className={styles.foot}>
        {holdings.may_close ? (
          <Checkbox checked={close} onChange={(event) => setClose(event.target.checked)}>
            {t("handover.close")}
          </Checkbox>
        ) : (
          <span className={styles.quiet}>{t(holdings.person.active ? "handover.notClosing" : "handover.closed")}</span>
        )}
        <Button type="primary" loading={busy} disabled={!ready} onClick={() => void start()}>
          {t("handover.start")}
        </Button>
      </footer>
    </>
  );
}

/** What hangs on the person beside records. */
function Beside({ holdings }: { holdings: Holdings }) {
  const { t } = useTranslation();
  const told = Object.entries(holdings.beside).filter(([, count]) => count > 0);
  if (told.length === 0) return null;
  return (
    <ul className={styles.beside}>
      {told.map(([name, count]) => (
        <li key={name}>{t(`handover.beside.${name}`, { count })}</li>
      ))}
    </ul>
  );
}
