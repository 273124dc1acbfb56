import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Popover } from "antd";
import { Bell as BellIcon, BellOff, Siren } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "@/api/client";
import type { Notice } from "@/api/types";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { Empty } from "@/design/Empty";
import { Time } from "@/design/Time";

import styles from "./Bell.module.css";
import shell from "./Shell.module.css";

interface Notices {
  items: Notice[];
  unread: number;
}

const KEY = ["notifications"];

/** Unread notifications, and the list of them. */
export function Bell() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get<Notices>("/api/notifications", {}, signal),
  });
  const read = useMutation({
    mutationFn: (body: { ids: string[] } | { all: true }) => api.post("/api/notifications/read", body),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
  const follow = (notice: Notice) => {
    if (!notice.read_at) read.mutate({ ids: [notice.id] });
    setOpen(false);
    if (notice.object && notice.record) {
      void navigate({ to: "/records/$object/$id", params: { object: notice.object, id: notice.record } });
    }
  };
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
          <NoticeList notices={data?.items ?? []} onFollow={follow} />
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

function NoticeList({ notices, onFollow }: { notices: Notice[]; onFollow: (notice: Notice) => void }) {
  const { t } = useTranslation();
  const say = useLabel();
  if (notices.length === 0) {
    return <Empty icon={<BellOff size={20} />} title={t("bell.none")} hint={t("bell.noneHint")} />;
  }
  return (
    <ul className={styles.list}>
      {notices.map((notice) => (
        <li key={notice.id}>
          <button
            type="button"
            className={cx(styles.notice, !notice.read_at && styles.fresh)}
            onClick={() => onFollow(notice)}
          >
            {notice.urgent ? (
              <Siren size={16} className={styles.urgent} aria-label={t("bell.urgent")} />
            ) : (
              <span className={styles.mark} aria-hidden />
            )}
            <span className={styles.text}>{say(notice.message)}</span>
            <span className={styles.when}>
              <Time value={notice.at} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
