import { useQuery } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import { Bell as BellIcon } from "lucide-react";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { ButtonLink } from "@/design/ButtonLink";
import { useFollow } from "@/notices/follow";
import { NoticeList } from "@/notices/NoticeList";
import { bellQuery, useMarkRead } from "@/notices/notices";
import styles from "@/notices/notices.module.css";

import shell from "./Shell.module.css";

/** How many notifications are unread, and the newest of them. */
export function Bell() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { data } = useQuery(bellQuery);
  const read = useMarkRead();
  const follow = useFollow();
  const unread = data?.unread ?? 0;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      arrow={false}
      styles={{ container: { padding: 0 } }}
      content={
        <div className={styles.box}>
          <header className={styles.head}>
            <h2>{t("bell.title")}</h2>
            <Button type="link" size="small" disabled={unread === 0} onClick={() => read.mutate({ all: true })}>
              {t("bell.readAll")}
            </Button>
          </header>
          <div className={styles.scroll}>
            <NoticeList
              notices={data?.items ?? []}
              onFollow={(notice) => {
                setOpen(false);
                follow(notice);
              }}
            />
          </div>
          <footer className={styles.foot}>
            <ButtonLink to="/notifications" color="primary" variant="link" size="small" onClick={() => setOpen(false)}>
              {t("bell.seeAll")}
            </ButtonLink>
            <ButtonLink to="/settings/notifications" color="primary" variant="link" size="small" onClick={() => setOpen(false)}>
              {t("bell.settings")}
            </ButtonLink>
          </footer>
        </div>
      }
    >
      <span className={shell.bell}>
        <Button
          type="text"
          icon={<BellIcon size={17} strokeWidth={1.8} />}
          aria-label={t("bell.label", { count: unread })}
          aria-expanded={open}
        />
        {unread > 0 ? (
          <span className={shell.unread} aria-hidden>
            {unread > 99 ? "99+" : unread}
          </span>
        ) : null}
      </span>
    </Popover>
  );
}
