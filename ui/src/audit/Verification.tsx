import { useQuery } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { Copy, ShieldCheck, ShieldX, X } from "lucide-react";

import { api } from "@/api/client";
import { useCopy } from "@/app/copy";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { IconButton } from "@/design/IconButton";
import { formatNumber } from "@/format/number";
import { isRunning, jobQuery, percentOf } from "@/importing/jobs";

import styles from "./audit.module.css";

/** The proof of the trail, while it runs and when it is there. */
export function Verification({ job: id, onClose }: { job: string; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const copy = useCopy();
  const { data: job } = useQuery(jobQuery(id));
  const figure = (value: number) => formatNumber(value, i18n.language);
  const close = <IconButton size="small" label={t("action.close")} icon={<X size={15} />} onClick={onClose} />;
  if (!job || isRunning(job)) {
    return (
      <div className={styles.proof} role="status">
        <div className={styles.proofBody}>
          <p>{t("audit.verifying")}</p>
          <Progress
            percent={job ? percentOf(job) : 0}
            size="small"
            strokeColor="var(--accent)"
            aria-label={t("audit.verifying")}
          />
        </div>
        <Button size="small" onClick={() => void api.post(`/api/jobs/${id}/cancel`, {})}>
          {t("action.cancel")}
        </Button>
      </div>
    );
  }
  const audit = job.audit;
  if (!audit) {
    return (
      <div className={cx(styles.proof, styles.broken)} role="alert">
        <p className={styles.proofBody}>{say(job.message) || t(`jobs.state.${job.state}`)}</p>
        {close}
      </div>
    );
  }
  const good = audit.findings.length === 0;
  return (
    <div className={cx(styles.proof, good ? styles.whole : styles.broken)} role={good ? "status" : "alert"}>
      {good ? <ShieldCheck size={20} aria-hidden /> : <ShieldX size={20} aria-hidden />}
      <div className={styles.proofBody}>
        <p>
          <b>{t(good ? "audit.whole" : "audit.broken", { count: audit.findings.length })}</b>{" "}
          {t("audit.looked", { events: figure(audit.events), seals: figure(audit.seals) })}
        </p>
        {audit.findings.length > 0 ? (
          <ul className={styles.findings}>
            {audit.findings.map((finding, index) => (
              <li key={index}>
                {finding.seal > 0 ? t("audit.seal", { number: finding.seal }) : ""}
                {say({ zh: finding.zh, en: finding.en })}
              </li>
            ))}
          </ul>
        ) : null}
        {audit.head ? (
          <p className={styles.hash}>
            <span>{t("audit.hash")}</span>
            <code className="cut">{audit.head}</code>
            <IconButton
              size="small"
              label={t("audit.copyHash")}
              icon={<Copy size={13} />}
              onClick={() => void copy(audit.head, t("audit.hashCopied"))}
            />
          </p>
        ) : null}
      </div>
      {close}
    </div>
  );
}
