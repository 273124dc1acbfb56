import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { Ban, CircleCheck, CircleDashed, CircleX, Download, ListChecks, LoaderCircle } from "lucide-react";
import { useTranslation } from "react-i18next";

import { api } from "@/api/client";
import type { Job } from "@/api/types";
import { PageTitle } from "@/app/shell/slot";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { Time } from "@/design/Time";
import { formatNumber } from "@/format/number";
import { isRunning, jobsQuery, percentOf } from "@/importing/jobs";

import styles from "./JobsPage.module.css";

const ICONS = { queued: CircleDashed, running: LoaderCircle, done: CircleCheck, failed: CircleX, cancelled: Ban };

/** Work that goes on in the background: how far it is, and what came of it. */
export function JobsPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(jobsQuery);
  return (
    <>
      <PageTitle text={t("jobs.title")}>
        <ListChecks size={16} strokeWidth={1.7} aria-hidden />
        <h1>{t("jobs.title")}</h1>
      </PageTitle>
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines /> : null}
      {data?.length === 0 ? (
        <Empty icon={<ListChecks size={22} />} title={t("jobs.none")} hint={t("jobs.noneHint")} />
      ) : null}
      {data && data.length > 0 ? (
        <ul className={styles.list}>
          {data.map((job) => (
            <JobItem key={job.id} job={job} />
          ))}
        </ul>
      ) : null}
    </>
  );
}

function JobItem({ job }: { job: Job }) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const client = useQueryClient();
  const { objects } = useCatalog();
  const cancel = useMutation({
    mutationFn: () => api.post(`/api/jobs/${job.id}/cancel`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
  const Icon = ICONS[job.state];
  const thing = job.object ? say(objects[job.object]?.plural) : "";
  const figure = (value: number) => formatNumber(value, i18n.language);
  return (
    <li className={styles.job}>
      <span className={styles[job.state]}>
        <Icon size={18} strokeWidth={1.8} role="img" aria-label={t(`jobs.state.${job.state}`)} />
      </span>
      <div className={styles.body}>
        <p className={styles.name}>
          <b>{t(`jobs.kind.${job.kind}`, { defaultValue: job.kind })}</b>
          {thing ? <span>{thing}</span> : null}
          {job.name ? <span className="cut">{job.name}</span> : null}
          {job.dry_run ? <span>{t("import.dry")}</span> : null}
          <span>{t(`jobs.state.${job.state}`)}</span>
          {job.created_at ? <Time value={job.created_at} /> : null}
        </p>
        {isRunning(job) ? <Progress percent={percentOf(job)} size="small" strokeColor="var(--accent)" /> : null}
        <p className={styles.counts}>
          {t("jobs.counts", {
            created: figure(job.created),
            updated: figure(job.updated),
            refused: figure(job.refused),
          })}
          {job.message ? ` · ${say(job.message)}` : ""}
        </p>
      </div>
      {job.errors_url ? (
        <Button size="small" icon={<Download size={14} />} href={job.errors_url}>
          {t("import.errorsFile")}
        </Button>
      ) : null}
      {isRunning(job) ? (
        <Button size="small" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {t("action.cancel")}
        </Button>
      ) : null}
    </li>
  );
}
