import { CircleAlert, CloudOff, CloudUpload } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";

import styles from "./outbox.module.css";
import { useOnline, useOutbox, useSending } from "./use";

const OutboxPanel = lazy(() => import("./OutboxPanel").then((module) => ({ default: module.OutboxPanel })));

/** Whether there is no network, and how much waits to be sent; nothing while all is well. */
export function OutboxStatus() {
  const { t } = useTranslation();
  const online = useOnline();
  const entries = useOutbox();
  const [open, setOpen] = useState(false);
  useSending();
  const refused = entries.filter((entry) => entry.problem).length;
  const text =
    refused > 0
      ? t("outbox.refused", { count: refused })
      : entries.length > 0
        ? t("outbox.waiting", { count: entries.length })
        : t("outbox.offline");
  const Icon = refused > 0 ? CircleAlert : online ? CloudUpload : CloudOff;
  return (
    <>
      {online && entries.length === 0 ? null : (
        <button
          type="button"
          className={cx(styles.status, refused > 0 && styles.bad)}
          onClick={() => setOpen(true)}
          aria-haspopup="dialog"
        >
          <Icon size={15} strokeWidth={1.8} aria-hidden />
          <span className="num">{text}</span>
        </button>
      )}
      {open ? (
        <Suspense>
          <OutboxPanel onClosed={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
