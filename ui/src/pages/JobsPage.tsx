import { useQuery } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { List } from "@/design/List";
import { Page } from "@/design/Page";
import { isRunning, jobsQuery } from "@/importing/jobs";
import { JobItem } from "@/jobs/JobItem";
import styles from "@/jobs/jobs.module.css";

/** Work that goes on in the background: how far it is, and what came of it. */
export function JobsPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(jobsQuery);
  const running = data?.filter(isRunning) ?? [];
  const over = data?.filter((job) => !isRunning(job)) ?? [];
  return (
    <Page icon={ListChecks} title={t("jobs.title")} width="medium">
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines /> : null}
      {data?.length === 0 ? (
        <Empty icon={<ListChecks size={22} />} title={t("jobs.none")} hint={t("jobs.noneHint")} />
      ) : null}
      {[
        { name: "now", jobs: running },
        { name: "past", jobs: over },
      ]
        .filter((group) => group.jobs.length > 0)
        .map((group) => (
          <section key={group.name}>
            <h2 className={styles.heading}>{t(`jobs.group.${group.name}`)}</h2>
            <List>
              {group.jobs.map((job) => (
                <JobItem key={job.id} job={job} />
              ))}
            </List>
          </section>
        ))}
    </Page>
  );
}
