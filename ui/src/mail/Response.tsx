import { CornerUpLeft, Eye, EyeOff, FileText, Link2 } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { Time } from "@/design/Time";

import styles from "./mail.module.css";
import type { Mail } from "./mails";

const ICONS = { link: Link2, document: FileText, pixel: Eye };

/** What became of a mail that was sent: opened, links followed, documents read page by page, answered. */
export function Response({ mail }: { mail: Mail }) {
  const { t } = useTranslation();
  const visits = mail.visits ?? [];
  const names = [...new Set((mail.pages ?? []).map((page) => page.name))];
  return (
    <div className={styles.response}>
      <h3>{t("mail.response")}</h3>
      {mail.replied_at ? (
        <p>
          <CornerUpLeft size={14} aria-hidden /> {t("mail.replied")} <Time value={mail.replied_at} />
        </p>
      ) : null}
      {visits.map((visit, index) => {
        const Icon = ICONS[visit.kind];
        return (
          <p key={index}>
            <Icon size={14} aria-hidden />
            <span className="cut">{t(`mail.visit.${visit.kind}`, { label: visit.label })}</span>
            {visit.times > 1 ? <span className={styles.quiet}>{t("mail.times", { count: visit.times })}</span> : null}
            <Time value={visit.last} />
          </p>
        );
      })}
      {mail.opened_at && visits.length === 0 ? (
        <p>
          <Eye size={14} aria-hidden /> {t("mail.opened")} <Time value={mail.opened_at} />
        </p>
      ) : null}
      {!mail.replied_at && !mail.opened_at && visits.length === 0 ? (
        <p className={styles.quiet}>
          <EyeOff size={14} aria-hidden /> {t(mail.tracked ? "mail.notOpened" : "mail.notTracked")}
        </p>
      ) : null}
      {names.map((name) => (
        <Pages key={name} name={name} pages={(mail.pages ?? []).filter((page) => page.name === name)} />
      ))}
    </div>
  );
}

/** For how long each page of a document was looked at. */
function Pages({ name, pages }: { name: string; pages: NonNullable<Mail["pages"]> }) {
  const { t } = useTranslation();
  const longest = Math.max(...pages.map((page) => page.seconds), 1);
  return (
    <figure className={styles.pages}>
      <figcaption>{t("mail.pagesOf", { name })}</figcaption>
      <ul>
        {pages.map((page) => (
          <li key={page.page}>
            <span className="num">{t("mail.page", { page: page.page })}</span>
            <span className={styles.bar} aria-hidden>
              <span style={{ width: `${(page.seconds / longest) * 100}%` }} />
            </span>
            <span className="num">{t("mail.seconds", { count: page.seconds })}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
