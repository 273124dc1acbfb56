import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Progress } from "antd";
import { CircleCheck, CircleX } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { api } from "@/api/client";
import type { Job, ObjectDefinition } from "@/api/types";
import { useLabel } from "@/catalog/label";
import { Failure } from "@/design/Failure";
import { formatNumber } from "@/format/number";
import { spoilRecords } from "@/records/cache";
import { Reasons } from "@/records/form/Reasons";

import styles from "./importing.module.css";
import { isRunning, jobQuery, percentOf } from "./jobs";
import { RefusedRows } from "./RefusedRows";

interface Props {
  object: ObjectDefinition;
  job: string;
  dry: boolean;
  onBack: () => void;
  onRun: () => void;
  onDone: () => void;
}

/** How the import goes, what came of it, and the rows that were refused with why. */
export function ResultStep({ object, job: id, dry, onBack, onRun, onDone }: Props) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const client = useQueryClient();
  const { data: job, error, refetch } = useQuery(jobQuery(id));
  const running = isRunning(job);
  useEffect(() => {
    if (!running) void spoilRecords(client);
  }, [running, client]);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!job) return <Progress percent={0} />;
  const figure = (value: number) => formatNumber(value, i18n.language);
  const good = job.state === "done";
  return (
    <>
      {running ? (
        <div className={styles.running}>
          <p>{t(dry ? "import.checking" : "import.running")}</p>
          <Progress percent={percentOf(job)} strokeColor="var(--accent)" />
          <p className={styles.facts}>
            {t("import.progress", { done: figure(job.done), total: figure(job.total ?? 0) })}
          </p>
          <Button disabled={job.cancelling} onClick={() => void api.post(`/api/jobs/${id}/cancel`, {})}>
            {t("action.cancel")}
          </Button>
        </div>
      ) : (
        <>
          <p className={good ? styles.good : styles.bad}>
            {good ? <CircleCheck size={20} aria-hidden /> : <CircleX size={20} aria-hidden />}
            {t(`import.${job.state}${dry && good ? "Dry" : ""}`)}
          </p>
          {job.message ? <p className={styles.facts}>{say(job.message)}</p> : null}
          <Reasons reasons={job.errors ?? []} title={t("import.whyFailed")} />
          <Counts job={job} />
          <RefusedRows job={job} />
          <div className={styles.actions}>
            <Button onClick={onBack}>{t("import.back")}</Button>
            <span className={styles.space} />
            {dry && good ? (
              <Button type="primary" disabled={job.created + job.updated === 0} onClick={onRun}>
                {t("import.runNow")}
              </Button>
            ) : (
              <Button type="primary" onClick={onDone}>
                {t("import.see", { things: say(object.plural) })}
              </Button>
            )}
          </div>
        </>
      )}
    </>
  );
}

function Counts({ job }: { job: Job }) {
  const { t, i18n } = useTranslation();
  const parts = [
    ["created", job.created],
    ["updated", job.updated],
    ...(job.unchanged ? [["unchanged", job.unchanged] as const] : []),
    ["refused", job.refused] as const,
  ] as const;
  return (
    <dl className={styles.counts}>
      {parts.map(([name, count]) => (
        <div key={name} className={name === "refused" && count > 0 ? styles.refused : undefined}>
          <dt>{t(`import.count.${name}`)}</dt>
          <dd>{formatNumber(count, i18n.language)}</dd>
        </div>
      ))}
    </dl>
  );
}
