import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input, Segmented } from "antd";
import { Mail as MailIcon, MailOpen, PenLine, Settings2 } from "lucide-react";
import { useDeferredValue, useState } from "react";

import { PageTitle } from "@/app/shell/slot";
import { useTranslation } from "@/app/translation";
import { may } from "@/catalog/catalog";
import { cx } from "@/design/cx";
import { Empty } from "@/design/Empty";
import { usePhone } from "@/design/media";
import { useCompose, useMail } from "@/mail/context";
import styles from "@/mail/mail.module.css";
import { BOXES, countsQuery, strangersQuery, type ThreadHead } from "@/mail/mails";
import { Strangers } from "@/mail/Strangers";
import { ThreadList } from "@/mail/ThreadList";
import { ThreadView } from "@/mail/ThreadView";

import { NotFoundPage } from "./NotFoundPage";

const STRANGERS = "strangers";

/** Mail: boxes by what waits for whom, the threads of one, and the thread that is open. */
export function MailPage() {
  const mail = useMail();
  return mail ? <Room object={mail.object} writes={may(mail.definition, "create")} /> : <NotFoundPage />;
}

function Room({ object, writes }: { object: string; writes: boolean }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const compose = useCompose();
  const search = useSearch({ from: "/shell/mail" });
  const navigate = useNavigate({ from: "/mail" });
  const box = search.box ?? "all";
  const whose = search.whose ?? "mine";
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const { data: counts } = useQuery(countsQuery(object, whose));
  const { data: strangers } = useQuery(strangersQuery(object));
  const go = (news: Partial<typeof search>) => void navigate({ search: (now) => ({ ...now, ...news }) });
  const open = (head: ThreadHead) =>
    head.last.status === "draft" && head.count === 1 && head.last.may_edit
      ? compose({ draft: head.last.id })
      : go({ thread: head.thread });
  const numbers: Record<string, number | undefined> = { ...counts, [STRANGERS]: strangers?.items.length };
  const reading = search.thread !== undefined && box !== STRANGERS;
  return (
    <>
      <PageTitle text={t("places.mail")}>
        <MailIcon size={16} strokeWidth={1.7} aria-hidden />
        <h1>{t("places.mail")}</h1>
      </PageTitle>
      <div className={styles.page}>
        {phone && reading ? null : (
          <div className={styles.side}>
            <div className={styles.bar}>
              {writes ? (
                <Button type="primary" icon={<PenLine size={15} aria-hidden />} onClick={() => compose({})}>
                  {t("mail.write")}
                </Button>
              ) : null}
              <Segmented
                aria-label={t("mail.whose")}
                value={whose}
                onChange={(next) => go({ whose: next, thread: undefined })}
                options={[
                  { value: "mine" as const, label: t("mail.mine") },
                  { value: "all" as const, label: t("mail.everybodys") },
                ]}
              />
              <Link to="/settings/mail" className={styles.gear} aria-label={t("places.mailAccounts")}>
                <Settings2 size={16} aria-hidden />
              </Link>
            </div>
            <div className={styles.boxes} role="group" aria-label={t("mail.boxes")}>
              {[...BOXES, STRANGERS].map((name) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={name === box}
                  className={cx(styles.box, name === box && styles.chosen)}
                  onClick={() => go({ box: name as typeof box, thread: undefined })}
                >
                  {t(`mail.box.${name}`)}
                  {numbers[name] ? <span className={styles.number}>{numbers[name] > 99 ? "99+" : numbers[name]}</span> : null}
                </button>
              ))}
            </div>
            <Input.Search
              allowClear
              className={styles.search}
              aria-label={t("mail.search")}
              placeholder={t("mail.search")}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
            <div className={styles.scroll}>
              {box === STRANGERS ? (
                <Strangers object={object} />
              ) : (
                <ThreadList object={object} box={box} whose={whose} q={q} open={search.thread} onOpen={open} />
              )}
            </div>
          </div>
        )}
        {phone && !reading ? null : (
          <div className={styles.reading}>
            {reading && search.thread ? (
              <ThreadView key={search.thread} object={object} thread={search.thread} onBack={() => go({ thread: undefined })} />
            ) : (
              <Empty icon={<MailOpen size={22} />} title={t("mail.pickOne")} hint={t("mail.pickOneHint")} />
            )}
          </div>
        )}
      </div>
    </>
  );
}
