import { useQuery } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { CircleCheck, CircleX, Download, X } from "lucide-react";
import { useEffect, useRef } from "react";

import { api } from "@/api/client";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { IconButton } from "@/design/IconButton";
import { formatBytes, formatNumber } from "@/format/number";
import { isRunning, jobQuery, percentOf } from "@/importing/jobs";

import styles from "./exporting.module.css";

interface Props {
  job: string;
  /** Fetch the file by itself once it is there. */
  download?: boolean;
  onClose?: () => void;
}

/** A file in the making: how far, then the file itself. */
export function JobToast({ job: id, download, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const { data: job } = useQuery(jobQuery(id));
  const fetched = useRef(false);
  const address = job?.file_url;
  useEffect(() => {
    if (!download || !address || fetched.current) return;
    fetched.current = true;
    window.location.assign(address);
  }, [download, address]);
  const figure = (value: number) => formatNumber(value, i18n.language);
  if (!job || isRunning(job)) {
    const total = job?.total ?? 0;
    return (
      <div className={styles.job} role="status">
        <div className={styles.body}>
          <p>
            {t("exporting.running")}{" "}
            <span className="num">
              {total > 0
                ? t("exporting.progress", { done: figure(job?.done ?? 0), total: figure(total) })
                : t("exporting.sofar", { done: figure(job?.done ?? 0) })}
            </span>
          </p>
          <Progress
            percent={job ? percentOf(job) : 0}
            status="active"
            size="small"
            strokeColor="var(--accent)"
            aria-label={t("exporting.running")}
          />
        </div>
        <Button
          size="small"
          disabled={job?.cancelling}
          onClick={() => void api.post(`/api/jobs/${id}/cancel`, {})}
        >
          {t("action.cancel")}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.job} role="status">
      {job.state === "done" ? (
        <CircleCheck size={18} className={styles.good} aria-hidden />
      ) : (
        <CircleX size={18} className={styles.bad} aria-hidden />
      )}
      <p className={styles.body}>
        {job.state === "done"
          ? t("exporting.done", { count: job.rows ?? 0, shown: figure(job.rows ?? 0) })
          : say(job.message) || t(`jobs.state.${job.state}`)}
      </p>
      {address ? (
        <Button size="small" type="primary" icon={<Download size={14} />} href={address}>
          {job.size ? t("exporting.downloadOf", { size: formatBytes(job.size, i18n.language) }) : t("exporting.download")}
        </Button>
      ) : null}
      {onClose ? (
        <IconButton size="small" label={t("action.close")} icon={<X size={15} />} onClick={onClose} />
      ) : null}
    </div>
  );
}
