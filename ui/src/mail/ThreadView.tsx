import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { ChevronLeft, MailOpen, Reply, ReplyAll } from "lucide-react";
import { useEffect } from "react";

import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { BoneLines } from "@/design/Bones";
import { Failure, messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { usePhone } from "@/design/media";
import { RecordLink } from "@/design/RecordLink";
import { spoilRecords } from "@/records/cache";

import { useCompose } from "./context";
import styles from "./mail.module.css";
import { MailCard } from "./MailCard";
import { type Mail, mails, threadQuery } from "./mails";

interface Props {
  object: string;
  thread: string;
  onBack: () => void;
}

/** A conversation from its beginning, the latest mail open; reading it marks it as read. */
export function ThreadView({ object, thread, onBack }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const client = useQueryClient();
  const { message } = App.useApp();
  const compose = useCompose();
  const { data, error, refetch } = useQuery(threadQuery(object, thread));
  const unread = data?.items.some((one) => one.unread && one.may_edit);
  useEffect(() => {
    if (unread) void mails.mark(thread, false).then(() => spoilRecords(client));
  }, [client, thread, unread]);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <BoneLines lines={8} />;
  const sent = data.items.filter((one) => one.status !== "draft");
  const last = sent.at(-1);
  const related = [...new Map(data.items.flatMap((one) => one.related).map((one) => [one.id, one])).values()];
  const leaveUnread = async () => {
    try {
      await mails.mark(thread, true);
      onBack();
      await spoilRecords(client);
    } catch (failure) {
      void message.error(messageOf(failure));
    }
  };
  return (
    <article className={styles.view}>
      <header className={styles.viewHead}>
        {phone ? <IconButton label={t("mail.back")} icon={<ChevronLeft size={20} />} onClick={onBack} /> : null}
        <div className={styles.subject}>
          <h2>{data.subject || t("mail.noSubject")}</h2>
          <RelatedTo related={related} />
        </div>
        <IconButton label={t("mail.leaveUnread")} icon={<MailOpen size={16} />} onClick={() => void leaveUnread()} />
      </header>
      <ol className={styles.mails}>
        {data.items.map((one) => (
          <MailCard key={one.id} mail={one} open={one === last || one.status === "draft" || one.unread} />
        ))}
      </ol>
      {last ? (
        <footer className={styles.answer}>
          <Button type="primary" icon={<Reply size={15} aria-hidden />} onClick={() => compose({ answers: last.id })}>
            {t(last.direction === "incoming" ? "mail.reply" : "mail.writeAgain")}
          </Button>
          {several(last) ? (
            <Button icon={<ReplyAll size={15} aria-hidden />} onClick={() => compose({ answers: last.id, all: true })}>
              {t("mail.replyAll")}
            </Button>
          ) : null}
        </footer>
      ) : null}
    </article>
  );
}

function several(mail: Mail): boolean {
  return Boolean(mail.cc) || (mail.to ?? "").includes(",");
}

function RelatedTo({ related }: { related: Mail["related"] }) {
  const { objects } = useCatalog();
  return (
    <p className={styles.relations}>
      {related.map((one) => (
        <RecordLink key={one.id} object={one.object} id={one.id} className={styles.relation}>
          <ObjectIcon name={objects[one.object]?.icon} size={13} />
          <span className="cut">{one.label ?? "—"}</span>
        </RecordLink>
      ))}
    </p>
  );
}
