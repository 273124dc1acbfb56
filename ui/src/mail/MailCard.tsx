import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { ChevronDown, Paperclip, PencilLine } from "lucide-react";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Avatar } from "@/design/Avatar";
import { cx } from "@/design/cx";
import { messageOf } from "@/design/Failure";
import { Pill } from "@/design/Pill";
import { Time } from "@/design/Time";
import { formatBytes } from "@/format/number";
import { spoilRecords } from "@/records/cache";

import { useCompose, useMail } from "./context";
import styles from "./mail.module.css";
import { type Mail, mails, nameIn } from "./mails";
import { Response } from "./Response";

const COLORS: Record<string, string> = {
  draft: "gray",
  queued: "amber",
  sent: "blue",
  uncertain: "amber",
  failed: "red",
  bounced: "red",
  received: "green",
};

/** One mail of a thread: folded to a line, or open with all it says and what became of it. */
export function MailCard({ mail, open: first }: { mail: Mail; open: boolean }) {
  const { t, i18n } = useTranslation();
  const compose = useCompose();
  const [open, setOpen] = useState(first);
  const name = nameIn(mail.sender) || mail.owner?.label || t("mail.nobody");
  return (
    <li className={cx(styles.card, mail.direction === "incoming" && styles.incoming)}>
      <button type="button" className={styles.cardHead} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Avatar name={name} size={28} />
        <span className={styles.who}>
          <b className="cut">{name}</b>
          <span className="cut">{open ? t("mail.toWhom", { people: mail.to ?? "" }) : mail.body}</span>
        </span>
        {mail.status === "sent" || mail.status === "received" ? null : (
          <Pill color={COLORS[mail.status]}>{t(`mail.status.${mail.status}`)}</Pill>
        )}
        {mail.automatic ? <Pill color="gray">{t("mail.automatic")}</Pill> : null}
        <span className={styles.when}>
          <Time value={mail.moment} />
        </span>
        <ChevronDown size={15} className={cx(styles.chevron, open && styles.turned)} aria-hidden />
      </button>
      {open ? (
        <div className={styles.cardBody}>
          <Failed mail={mail} />
          <Decide mail={mail} />
          <Body mail={mail} />
          <ul className={styles.files}>
            {(mail.files ?? []).map((file) => (
              <li key={file.id}>
                <a href={`/api/files/${file.id}`} download={file.name}>
                  <Paperclip size={13} aria-hidden />
                  <span className="cut">{file.name}</span>
                  <span className={styles.quiet}>{formatBytes(file.size, i18n.language)}</span>
                </a>
              </li>
            ))}
          </ul>
          {mail.direction === "outgoing" && mail.status !== "draft" ? <Response mail={mail} /> : null}
          {mail.status === "draft" && mail.may_edit ? (
            <Button icon={<PencilLine size={14} aria-hidden />} onClick={() => compose({ draft: mail.id })}>
              {t("mail.goOn")}
            </Button>
          ) : null}
        </div>
      ) : null}
    </li>
  );
}

/** Why a mail did not arrive, in the reader's language, and below it what the server said. */
function Failed({ mail }: { mail: Mail }) {
  const say = useLabel();
  const definition = useMail();
  const field = definition ? fieldOf(definition.definition, definition.fields.failure_kind ?? "") : undefined;
  const kind = field?.options?.find((one) => one.value === mail.failure_kind);
  if (!kind && !mail.failure) return null;
  return (
    <div className={styles.failure}>
      {kind ? <p>{say(kind.label)}</p> : null}
      {mail.failure ? <p className={styles.said}>{mail.failure}</p> : null}
    </div>
  );
}

/** A mail that was not surely sent: its writer decides. */
function Decide({ mail }: { mail: Mail }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  if (!mail.may_edit || (mail.status !== "uncertain" && mail.status !== "failed")) return null;
  const decide = async (again: boolean) => {
    try {
      await mails.decide(mail.id, again);
      await spoilRecords(client);
    } catch (failure) {
      void message.error(messageOf(failure));
    }
  };
  return (
    <p className={styles.decide}>
      <Button size="small" onClick={() => void decide(true)}>
        {t("mail.sendAgain")}
      </Button>
      {mail.status === "uncertain" ? (
        <Button size="small" type="text" onClick={() => void decide(false)}>
          {t("mail.wasSent")}
        </Button>
      ) : null}
    </p>
  );
}

/** What a mail says: its text, or its own HTML in a frame in which nothing runs; pictures and quotes when asked for. */
function Body({ mail }: { mail: Mail }) {
  const { t } = useTranslation();
  const [pictures, setPictures] = useState(false);
  const [quoted, setQuoted] = useState(false);
  return (
    <>
      {mail.rich ? <Frame mail={mail} pictures={pictures} /> : <div className={styles.text}>{mail.body}</div>}
      {mail.pictures && !pictures ? (
        <Button size="small" onClick={() => setPictures(true)}>
          {t("mail.showPictures")}
        </Button>
      ) : null}
      {mail.quotes ? (
        <Button size="small" type="text" aria-expanded={quoted} onClick={() => setQuoted(!quoted)}>
          {t(quoted ? "mail.hideQuoted" : "mail.showQuoted")}
        </Button>
      ) : null}
      {quoted ? <Frame mail={mail} pictures={pictures} quoted /> : null}
    </>
  );
}

function Frame({ mail, pictures, quoted }: { mail: Mail; pictures: boolean; quoted?: boolean }) {
  const { t } = useTranslation();
  const [height, setHeight] = useState(120);
  const query = new URLSearchParams({ pictures: String(pictures), quoted: String(Boolean(quoted)) });
  return (
    <iframe
      className={styles.frame}
      title={t(quoted ? "mail.quotedPart" : "mail.body")}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      src={`/api/mail/mails/${mail.id}/body?${query.toString()}`}
      style={{ height }}
      onLoad={(event) => {
        const page = event.currentTarget.contentDocument?.documentElement;
        if (page) setHeight(Math.min(page.scrollHeight + 8, 4_000));
      }}
    />
  );
}
