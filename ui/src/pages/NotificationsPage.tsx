import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { Bell, CheckCheck, Settings2 } from "lucide-react";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { Bar, Gap } from "@/design/Bar";
import { BoneLines } from "@/design/Bones";
import { ButtonLink } from "@/design/ButtonLink";
import { Failure } from "@/design/Failure";
import { usePhone } from "@/design/media";
import { Page } from "@/design/Page";
import { useFollow } from "@/notices/follow";
import { NoticeList } from "@/notices/NoticeList";
import { bellQuery, noticesQuery, useMarkRead } from "@/notices/notices";
import styles from "@/notices/notices.module.css";

/** All notifications, or the unread ones. */
export function NotificationsPage() {
  const { t } = useTranslation();
  const [unread, setUnread] = useState(false);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(noticesQuery(unread));
  const bell = useQuery(bellQuery);
  const phone = usePhone();
  const read = useMarkRead();
  const follow = useFollow();
  const notices = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page icon={Bell} title={t("bell.title")} width="narrow">
      <Bar look="bare">
        <Segmented
          value={unread ? "unread" : "all"}
          onChange={(value) => setUnread(value === "unread")}
          options={[
            { value: "all", label: t("bell.all") },
            { value: "unread", label: t("bell.onlyUnread", { count: bell.data?.unread ?? 0 }) },
          ]}
        />
        <Gap />
        <Button
          type="text"
          icon={<CheckCheck size={15} />}
          disabled={(bell.data?.unread ?? 0) === 0}
          onClick={() => read.mutate({ all: true })}
        >
          {t("bell.readAll")}
        </Button>
        <ButtonLink
          to="/settings/notifications"
          color="default"
          variant="text"
          icon={<Settings2 size={15} />}
          aria-label={t("bell.settings")}
        >
          {phone ? null : t("bell.settings")}
        </ButtonLink>
      </Bar>
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines /> : null}
      {data ? (
        <div className={notices.length > 0 ? styles.sheet : undefined}>
          <NoticeList notices={notices} onFollow={follow} empty={unread ? t("bell.noneUnread") : undefined} />
        </div>
      ) : null}
      <div className={styles.more}>
        {hasNextPage ? (
          <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t("bell.older")}
          </Button>
        ) : null}
      </div>
    </Page>
  );
}
