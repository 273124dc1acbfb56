import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Progress } from "antd";
import { CircleCheck, CircleX } from "lucide-react";
import { type ReactNode, useEffect } from "react";

import { api } from "@/api/client";
import type { Job, ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { Failure } from "@/design/Failure";
import { RecordLink } from "@/design/RecordLink";
import { formatNumber } from "@/format/number";
import { spoilRecords } from "@/records/cache";
import { Reasons } from "@/records/form/Reasons";
import { NO_VIEW } from "@/records/list/views";
import { RecordName } from "@/records/RecordName";

import styles from "./importing.module.css";
import { isRunning, jobQuery, percentOf } from "./jobs";
import { RefusedRows } from "./RefusedRows";

interface Props {
  object: ObjectDefinition;
  job: string;
  /** Whose texts: those about rows of a table, or about traces of a log. */
  words?: "import" | "history";
  /** Whether the mapping is still at hand to go back to. */
  mapped: boolean;
  onBack: () => void;
  /** Does for real what a dry run tried. */
  onRun: () => void;
  /** Where to look at what came in; its list when nothing else is said. */
  see?: ReactNode;
}

/** How the import goes, what came of it, and the rows that were refused with why. */
export function ResultStep({ object, job: id, words = "import", mapped, onBack, onRun, see }: Props) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const navigate = useNavigate();
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
  const dry = Boolean(job.dry_run);
  return (
    <>
      {running ? (
        <div className={styles.running}>
          <p>{t(`${words}.${dry ? "checking" : "running"}`)}</p>
          <Progress percent={percentOf(job)} strokeColor="var(--accent)" />
          <p className={styles.facts}>
            {t(`${words}.progress`, { done: figure(job.done), total: figure(job.total ?? 0) })}
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
          <Counts job={job} words={words} />
          <CameIn object={object} job={job} />
          <RefusedRows job={job} words={words} />
          <div className={styles.actions}>
            <Button onClick={onBack}>{t(mapped ? "import.back" : "import.another")}</Button>
            <span className={styles.space} />
            {dry && good ? (
              <Button type="primary" disabled={job.created + job.updated === 0} onClick={onRun}>
                {t("import.runNow")}
              </Button>
            ) : (
              see ?? (
              <Button
                type="primary"
                onClick={() =>
                  void navigate({
                    to: "/records/$object",
                    params: { object: object.name },
                    search: { view: NO_VIEW, sort: job.created > 0 ? "-created_at" : "-updated_at" },
                  })
                }
              >
                {t("import.see", { things: say(object.plural) })}
              </Button>
              )
            )}
          </div>
        </>
      )}
    </>
  );
}

/** The first records that came in, to look at. */
function CameIn({ object, job }: { object: ObjectDefinition; job: Job }) {
  const { t, i18n } = useTranslation();
  const ids = job.records ?? [];
  if (ids.length === 0) return null;
  const more = job.created + job.updated - ids.length;
  return (
    <section>
      <h2 className={styles.cameIn}>{t("import.cameIn")}</h2>
      <ul className={styles.records}>
        {ids.map((id) => (
          <li key={id}>
            <RecordLink object={object.name} id={id}>
              <RecordName object={object.name} id={id} />
            </RecordLink>
          </li>
        ))}
        {more > 0 ? <li>{t("import.andMore", { count: more, shown: formatNumber(more, i18n.language) })}</li> : null}
      </ul>
    </section>
  );
}

/** What became of rows or traces; of a log also how many events it told and how many meant nothing. */
function Counts({ job, words }: { job: Job; words: string }) {
  const { t, i18n } = useTranslation();
  const parts: [string, number | null | undefined][] = [
    ["created", job.created],
    ["updated", words === "import" ? job.updated : null],
    ["unchanged", words === "import" ? job.unchanged || null : job.unchanged],
    ["refused", job.refused],
    ["events", job.events],
    ["unknown", job.unknown || null],
  ];
  return (
    <dl className={styles.counts}>
      {parts.map(([name, count]) =>
        typeof count === "number" ? (
          <div key={name} className={name === "refused" && count > 0 ? styles.refused : undefined}>
            <dt>{t(`${words}.count.${name}`)}</dt>
            <dd>{formatNumber(count, i18n.language)}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
