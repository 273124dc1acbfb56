import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { CornerUpLeft, Eye, Inbox, TriangleAlert } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { Avatar } from "@/design/Avatar";
import { BoneLines } from "@/design/Bones";
import { cx } from "@/design/cx";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { Time } from "@/design/Time";

import styles from "./mail.module.css";
import { type Box, partner, type ThreadHead, threadsQuery, type Whose } from "./mails";

interface Props {
  object: string;
  box: Box;
  whose: Whose;
  q: string;
  open: string | undefined;
  onOpen: (head: ThreadHead) => void;
}

/** The threads of a box, each by its last mail. */
export function ThreadList({ object, box, whose, q, open, onOpen }: Props) {
  const { t } = useTranslation();
  const result = useInfiniteQuery(threadsQuery(object, box, whose, q));
  const heads = result.data?.pages.flatMap((page) => page.items) ?? [];
  if (result.error) return <Failure error={result.error} retry={() => void result.refetch()} />;
  if (result.isPending) return <BoneLines lines={10} />;
  if (heads.length === 0) {
    return (
      <Empty icon={<Inbox size={20} />} title={t(q ? "mail.noneFound" : `mail.none.${box}`)} hint={q ? undefined : t("mail.noneHint")} />
    );
  }
  return (
    <>
      <ul className={styles.threads}>
        {heads.map((head) => (
          <li key={`${head.thread}-${head.last.id}`}>
            <Row head={head} on={head.thread === open} onOpen={onOpen} />
          </li>
        ))}
      </ul>
      {result.hasNextPage ? (
        <Button block type="text" loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>
          {t("mail.older")}
        </Button>
      ) : null}
    </>
  );
}

function Row({ head, on, onOpen }: { head: ThreadHead; on: boolean; onOpen: (head: ThreadHead) => void }) {
  const { t } = useTranslation();
  const { last, unread, count } = head;
  const name = partner(last) || t("mail.nobody");
  const failed = ["failed", "bounced", "uncertain"].includes(last.status);
  return (
    <button
      type="button"
      className={cx(styles.thread, on && styles.on, unread > 0 && styles.unread)}
      aria-current={on ? "true" : undefined}
      onClick={() => onOpen(head)}
    >
      <Avatar name={name} size={32} />
      <span className={styles.summary}>
        <span className={styles.first}>
          <span className="cut">{name}</span>
          {count > 1 ? <span className={styles.count}>{count}</span> : null}
          <span className={styles.when}>
            <Time value={last.moment} />
          </span>
        </span>
        <span className={styles.second}>
          {unread > 0 ? <span className={styles.dot} role="img" aria-label={t("mail.isUnread")} /> : null}
          {last.status === "draft" ? <b className={styles.draft}>{t("mail.draft")}</b> : null}
          <span className="cut">{last.subject ?? t("mail.noSubject")}</span>
        </span>
        <span className={styles.third}>
          {failed ? <TriangleAlert size={13} className={styles.warn} aria-label={t(`mail.status.${last.status}`)} /> : null}
          {last.direction === "outgoing" && last.replied_at ? <CornerUpLeft size={13} aria-label={t("mail.replied")} /> : null}
          {last.direction === "outgoing" && last.opened_at ? <Eye size={13} aria-label={t("mail.opened")} /> : null}
          <span className="cut">{last.body}</span>
        </span>
      </span>
    </button>
  );
}
