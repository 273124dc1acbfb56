import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Dropdown } from "antd";
import { Download, ScrollText, SearchX, ShieldCheck } from "lucide-react";
import { useMemo, useState } from "react";

import { useSession } from "@/app/session";
import { PageTitle } from "@/app/shell/slot";
import { useTranslation } from "@/app/translation";
import { EventRow } from "@/audit/EventRow";
import { Filters } from "@/audit/Filters";
import styles from "@/audit/audit.module.css";
import type { TrailSearch } from "@/audit/search";
import { byDay, filterOf, startTrailFile, startVerifying, trailQuery } from "@/audit/trail";
import { Verification } from "@/audit/Verification";
import { Bar, Gap } from "@/design/Bar";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { JobToast } from "@/exporting/JobToast";
import { formatDay } from "@/format/date";

import { NotFoundPage } from "./NotFoundPage";

export function AuditPage() {
  const { permissions } = useSession();
  return permissions.includes("audit") ? <Trail /> : <NotFoundPage />;
}

/** Everything that happened, newest first, and the proof that nobody touched it. */
function Trail() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const search = useSearch({ from: "/shell/audit" });
  const navigate = useNavigate({ from: "/audit" });
  const filter = useMemo(() => filterOf(search), [search]);
  const result = useInfiniteQuery(trailQuery(filter));
  const [proof, setProof] = useState<string | null>(null);
  const [file, setFile] = useState<string | null>(null);
  const events = result.data?.pages.flatMap((page) => page.items) ?? [];
  const change = (changes: Partial<TrailSearch>) =>
    void navigate({ search: (now: TrailSearch) => ({ ...now, ...changes }), replace: true });
  const start = async (work: () => Promise<{ job: string }>, keep: (job: string) => void) => {
    try {
      keep((await work()).job);
    } catch (error) {
      void message.error(messageOf(error));
    }
  };
  return (
    <>
      <PageTitle text={t("places.audit")}>
        <ScrollText size={16} strokeWidth={1.7} aria-hidden />
        <h1>{t("places.audit")}</h1>
      </PageTitle>
      <Bar>
        <Filters search={search} onChange={change} onClear={() => void navigate({ search: {}, replace: true })} />
        <Gap />
        <Dropdown
          trigger={["click"]}
          menu={{
            items: (["xlsx", "csv"] as const).map((format) => ({
              key: format,
              label: t(`exporting.format.${format}`),
              onClick: () => void start(() => startTrailFile(filter, format), setFile),
            })),
          }}
        >
          <Button icon={<Download size={15} />}>{t("exporting.menu")}</Button>
        </Dropdown>
        <Button icon={<ShieldCheck size={15} />} onClick={() => void start(startVerifying, setProof)}>
          {t("audit.verify")}
        </Button>
      </Bar>
      <div className={styles.page}>
        {proof ? <Verification key={proof} job={proof} onClose={() => setProof(null)} /> : null}
        {file ? <JobToast key={file} job={file} onClose={() => setFile(null)} /> : null}
        {result.error ? <Failure error={result.error} retry={() => void result.refetch()} /> : null}
        {result.isPending ? <BoneLines lines={10} /> : null}
        {result.data && events.length === 0 ? (
          <Empty icon={<SearchX size={22} />} title={t("audit.none")} hint={t("audit.noneHint")}>
            <Button onClick={() => void navigate({ search: { days: 0 }, replace: true })}>{t("audit.all")}</Button>
          </Empty>
        ) : null}
        {byDay(events).map(({ day, events: own }) => (
          <section key={own[0]?.seq} aria-label={day}>
            <h2 className={styles.day}>
              {formatDay(day, t)}
              <small>{day}</small>
            </h2>
            <ol className={styles.events}>
              {own.map((event) => (
                <EventRow key={event.seq} event={event} />
              ))}
            </ol>
          </section>
        ))}
        {result.hasNextPage ? (
          <Button block type="text" loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>
            {t("timeline.older")}
          </Button>
        ) : null}
      </div>
    </>
  );
}
