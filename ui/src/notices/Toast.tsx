import { Button, type App } from "antd";
import { BellRing, Siren } from "lucide-react";

import type { Notice } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";

import { useFollow } from "./follow";
import styles from "./notices.module.css";

type Notifier = ReturnType<typeof App.useApp>["notification"];

const SECONDS = 10;

/** Shows a notification over the page, with a way to what it is about. */
export function useToast(notifier: Notifier): (notice: Notice) => void {
  const { t } = useTranslation();
  const say = useLabel();
  const follow = useFollow();
  return (notice) => {
    const open = () => {
      notifier.destroy(notice.id);
      follow(notice);
    };
    const Icon = notice.urgent ? Siren : BellRing;
    notifier.open({
      key: notice.id,
      title: say(notice.message),
      icon: <Icon size={18} className={notice.urgent ? styles.alarm : styles.calm} aria-hidden />,
      duration: SECONDS,
      role: notice.urgent ? "alert" : "status",
      actions: notice.record ? (
        <Button size="small" onClick={open}>
          {t("bell.open")}
        </Button>
      ) : undefined,
    });
  };
}
