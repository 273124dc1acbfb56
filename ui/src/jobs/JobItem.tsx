import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Progress } from "antd";
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Download,
  FileClock,
  FileDown,
  FileUp,
  HeartPulse,
  ListChecks,
  LoaderCircle,
  type LucideIcon,
  ScrollText,
  ShieldCheck,
  TriangleAlert,
  Undo2,
  UserRoundMinus,
} from "lucide-react";

import { api } from "@/api/client";
import type { Job } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { may, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { Time } from "@/design/Time";
import { formatBytes, formatNumber } from "@/format/number";
import { isRunning, percentOf } from "@/importing/jobs";

import styles from "./jobs.module.css";

const STATES: Record<Job["state"], LucideIcon> = {
  queued: CircleDashed,
  running: LoaderCircle,
  done: CircleCheck,
  failed: CircleX,
  cancelled: Ban,
};
const KINDS: Record<string, LucideIcon> = {
  import: FileUp,
  history: FileClock,
  export: FileDown,
  score: HeartPulse,
  audit_export: ScrollText,
  audit_verify: ShieldCheck,
  hand_over: UserRoundMinus,
  take_back: Undo2,
};

const IMPORTS = ["import", "history"];

/** One job: what, how far, what came of it, and what can be done now. */
export function JobItem({ job }: { job: Job }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { objects } = useCatalog();
  const Kind = KINDS[job.kind] ?? ListChecks;
  const State = STATES[job.state];
  const object = job.object ? objects[job.object] : undefined;
  const running = isRunning(job);
  return (
    <li className={styles.job}>
      <span className={styles.kind} aria-hidden>
        <Kind size={17} strokeWidth={1.7} />
      </span>
      <div className={styles.body}>
        <p className={styles.name}>
          <b>
            {t(`jobs.kind.${job.kind}`, { defaultValue: job.kind })}
            {object ? say(object.plural) : ""}
          </b>
          {job.dry_run ? <span className={styles.tag}>{t("import.dry")}</span> : null}
          {job.name ? <span className={cx("cut", styles.file)}>{job.name}</span> : null}
        </p>
        {running ? (
          <Progress
            percent={percentOf(job)}
            status="active"
            size="small"
            strokeColor="var(--accent)"
            aria-label={t("jobs.progress")}
          />
        ) : null}
        <p className={styles.facts}>
          <span className={cx(styles.state, styles[job.state])}>
            <State size={13} aria-hidden />
            {job.cancelling ? t("jobs.cancelling") : t(`jobs.state.${job.state}`)}
          </span>
          <Counts job={job} />
          {job.created_at ? <Time value={job.created_at} /> : null}
        </p>
        {job.message ? <p className={styles.message}>{say(job.message)}</p> : null}
      </div>
      <div className={styles.actions}>
        <Actions job={job} readable={may(object, "read")} />
      </div>
    </li>
  );
}

/** The figures of a job by its kind. */
function Counts({ job }: { job: Job }) {
  const { t, i18n } = useTranslation();
  const figure = (value: number) => formatNumber(value, i18n.language);
  if (isRunning(job)) {
    if (!job.total) return <span>{t("jobs.sofar", { done: figure(job.done) })}</span>;
    return <span>{t("jobs.of", { done: figure(job.done), total: figure(job.total) })}</span>;
  }
  if (IMPORTS.includes(job.kind)) {
    return (
      <>
        <span>{t("jobs.counts", { created: figure(job.created), updated: figure(job.updated) })}</span>
        {job.refused > 0 ? (
          <span className={styles.refused}>
            <TriangleAlert size={12} aria-hidden />
            {t("jobs.refused", { count: job.refused, shown: figure(job.refused) })}
          </span>
        ) : null}
      </>
    );
  }
  if (job.audit) {
    const good = job.audit.findings.length === 0;
    return (
      <span className={good ? undefined : styles.refused}>
        {t(good ? "jobs.whole" : "jobs.broken", { count: job.audit.findings.length })}
      </span>
    );
  }
  return typeof job.rows === "number" ? (
    <span>{t("jobs.rows", { count: job.rows, shown: figure(job.rows) })}</span>
  ) : null;
}

function Actions({ job, readable }: { job: Job; readable: boolean }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const open = () =>
    job.kind === "history"
      ? void navigate({ to: "/import/log", search: { job: job.id } })
      : void navigate({ to: "/records/$object/import", params: { object: job.object ?? "" }, search: { job: job.id } });
  const cancel = useMutation({
    mutationFn: () => api.post(`/api/jobs/${job.id}/cancel`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
  return (
    <>
      {job.file_url ? (
        <Button size="small" type="primary" ghost icon={<Download size={14} />} href={job.file_url}>
          {t("exporting.download")}
          {job.size ? ` ${formatBytes(job.size, i18n.language)}` : ""}
        </Button>
      ) : null}
      {job.errors_url ? (
        <Button size="small" icon={<Download size={14} />} href={job.errors_url}>
          {t("import.errorsFile")}
        </Button>
      ) : null}
      {IMPORTS.includes(job.kind) && job.object && readable ? (
        <Button size="small" type="text" onClick={open}>
          {t("jobs.open")}
        </Button>
      ) : null}
      {isRunning(job) ? (
        <Button size="small" loading={cancel.isPending} disabled={job.cancelling} onClick={() => cancel.mutate()}>
          {t("action.cancel")}
        </Button>
      ) : null}
    </>
  );
}
