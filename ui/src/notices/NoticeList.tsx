import { Bell, BellOff, Siren } from "lucide-react";

import type { Notice } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { cx } from "@/design/cx";
import { Empty } from "@/design/Empty";
import { Time } from "@/design/Time";

import styles from "./notices.module.css";

interface Props {
  notices: Notice[];
  onFollow: (notice: Notice) => void;
  empty?: string;
}

/** Notifications, newest first: what they are about, and when. */
export function NoticeList({ notices, onFollow, empty }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const { objects } = useCatalog();
  if (notices.length === 0) {
    return <Empty icon={<BellOff size={20} />} title={empty ?? t("bell.none")} hint={t("bell.noneHint")} />;
  }
  return (
    <ul className={styles.list}>
      {notices.map((notice) => {
        const object = notice.object ? objects[notice.object] : undefined;
        return (
          <li key={notice.id}>
            <button
              type="button"
              className={cx(styles.notice, !notice.read_at && styles.fresh)}
              onClick={() => onFollow(notice)}
            >
              <span className={cx(styles.icon, notice.urgent && styles.urgent)}>
                {notice.urgent ? (
                  <Siren size={16} role="img" aria-label={t("bell.urgent")} />
                ) : object ? (
                  <ObjectIcon name={object.icon} />
                ) : (
                  <Bell size={16} aria-hidden />
                )}
              </span>
              <span className={styles.text}>{say(notice.message)}</span>
              <span className={styles.when}>
                <Time value={notice.at} />
                {notice.read_at ? null : <span className={styles.mark} role="img" aria-label={t("bell.unread")} />}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
