import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Select } from "antd";
import { UserRoundX } from "lucide-react";
import { useDeferredValue, useState } from "react";

import { keys, records } from "@/api/records";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Avatar } from "@/design/Avatar";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { Time } from "@/design/Time";
import { spoilRecords } from "@/records/cache";

import { useMail } from "./context";
import styles from "./mail.module.css";
import { mails, type Stranger, strangersQuery } from "./mails";

/** Mails of unknown senders: only their sender and subject are shown, until one says who they are. */
export function Strangers({ object }: { object: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(strangersQuery(object));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <BoneLines lines={5} />;
  if (data.items.length === 0) {
    return <Empty icon={<UserRoundX size={20} />} title={t("mail.noStrangers")} hint={t("mail.strangersHint")} />;
  }
  return (
    <>
      <p className={styles.hint}>{t("mail.strangersHint")}</p>
      <ul className={styles.strangers}>
        {data.items.map((one) => (
          <Row key={one.id} stranger={one} />
        ))}
      </ul>
    </>
  );
}

function Row({ stranger }: { stranger: Stranger }) {
  const { t } = useTranslation();
  const say = useLabel();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { objects } = useCatalog();
  const mail = useMail();
  const people = (mail?.people ?? []).filter((one) => objects[one.object]?.can.update);
  const [object, setObject] = useState(people[0]?.object ?? "");
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const q = useDeferredValue(typed);
  const { data } = useQuery({
    queryKey: keys.options(object, q),
    queryFn: ({ signal }) => records.options(object, q, signal),
    enabled: open && object !== "",
  });
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await spoilRecords(client);
    } catch (failure) {
      void message.error(messageOf(failure));
    }
  };
  return (
    <li className={styles.stranger}>
      <Avatar name={stranger.name || stranger.sender} size={32} />
      <span className={styles.summary}>
        <span className={styles.first}>
          <span className="cut">{stranger.name || stranger.sender}</span>
          <span className={styles.when}>
            <Time value={stranger.at} />
          </span>
        </span>
        <span className={styles.quiet}>{stranger.name ? stranger.sender : ""}</span>
        <span className="cut">{stranger.subject || t("mail.noSubject")}</span>
      </span>
      <span className={styles.claim}>
        {people.length > 1 ? (
          <Select
            aria-label={t("mail.kindOfPerson")}
            value={object}
            options={people.map((one) => ({ value: one.object, label: say(objects[one.object]?.label) }))}
            popupMatchSelectWidth={false}
            onChange={setObject}
          />
        ) : null}
        <Select<string>
          aria-label={t("mail.whoIsIt")}
          placeholder={t("mail.whoIsIt")}
          className={styles.pick}
          value={null}
          showSearch={{ filterOption: false, onSearch: setTyped }}
          options={(data?.items ?? []).map((one) => ({ value: one.id, label: one.label ?? "—" }))}
          onOpenChange={setOpen}
          onChange={(record) => void attempt(() => mails.link(stranger.id, object, record))}
        />
        <Button type="text" onClick={() => void attempt(() => mails.dismiss(stranger.id))}>
          {t("mail.dismiss")}
        </Button>
      </span>
    </li>
  );
}
