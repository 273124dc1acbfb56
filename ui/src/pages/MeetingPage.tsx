import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { App, Button, Dropdown, Segmented } from "antd";
import { CircleCheck, Download, Presentation, Printer } from "lucide-react";
import { useState } from "react";

import { address, api } from "@/api/client";
import type { PanelDefinition } from "@/api/home";
import type { Field, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, may, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Card } from "@/design/Card";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { Lead, Page } from "@/design/Page";
import { JobToast } from "@/exporting/JobToast";
import { Cell } from "@/fields/Cell";
import { formatShortAmounts, sumOfRows } from "@/format/amounts";
import { readWall, wallNow } from "@/format/today";
import { type Blockers, HOME, isFailed, type ListAnswer, wholePanel, type Whose } from "@/home/answer";
import { Sheet } from "@/meeting/Sheet";
import styles from "@/meeting/meeting.module.css";

import { NotFoundPage } from "./NotFoundPage";

export function MeetingPage() {
  const { objects, home } = useCatalog();
  const panel = home.panels.find((one) => one.sections?.length);
  const object = objects[panel?.object ?? ""];
  return panel && object ? <Meeting panel={panel} object={object} choice={home.of === "choice"} own={home.of === "mine"} /> : <NotFoundPage />;
}

interface Props {
  panel: PanelDefinition;
  object: ObjectDefinition;
  /** The viewer may turn from the team to their own records. */
  choice: boolean;
  /** The viewer's home is about their own records. */
  own: boolean;
}

/** A list of the home for the morning meeting: grouped, counted and summed up, each record with what holds it up. */
function Meeting({ panel, object, choice, own }: Props) {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const say = useLabel();
  const { whose = own ? "mine" : "all" } = useSearch({ from: "/shell/meeting" });
  const navigate = useNavigate({ from: "/meeting" });
  const { data, error, refetch } = useQuery({
    queryKey: [...HOME, "meeting", panel.name, whose],
    queryFn: () => wholePanel(panel.name, whose),
  });
  const answer = data?.panels[panel.name];
  const list = answer && !isFailed(answer) ? (answer as ListAnswer) : null;
  const rows = list?.items ?? [];
  const total = panel.total ? fieldOf(object, panel.total) : null;
  const currency = total?.currency ?? "CNY";
  const amount = (some: Row[]) => (total ? formatShortAmounts(sumOfRows(some, total.name, currency), currency, i18n.language) : "");
  const [job, setJob] = useState<string | null>(null);
  const download = async (format: string) => {
    const file = `/api/home/${panel.name}/export`;
    const asked = { format, whose: whose === "mine" ? "mine" : "" };
    if (!list?.more) {
      window.location.assign(address(file, asked));
      return;
    }
    try {
      setJob((await api.post<{ job: string }>(file, asked)).job);
    } catch (error) {
      void message.error(messageOf(error));
    }
  };
  return (
    <Page icon={Presentation} title={t("places.meeting")} width="full">
      <Lead
        title={say(panel.label)}
        note={[(data ? readWall(data.at) : wallNow()).format(t("home.longDate")), data?.team, data?.person].filter(Boolean).join(" · ")}
      >
        <div className={styles.tools}>
          {choice ? (
            <Segmented<Whose>
              value={whose}
              aria-label={t("home.whose")}
              options={[
                { value: "all", label: t("home.team") },
                { value: "mine", label: t("home.mine") },
              ]}
              onChange={(next) => void navigate({ search: next === "mine" ? { whose: next } : {}, replace: true })}
            />
          ) : null}
          <Button icon={<Printer size={15} />} onClick={() => window.print()}>
            {t("meeting.print")}
          </Button>
          {may(object, "export") ? (
            <Dropdown
              trigger={["click"]}
              menu={{
                items: (["xlsx", "csv"] as const).map((format) => ({
                  key: format,
                  label: t(`exporting.format.${format}`),
                  onClick: () => void download(format),
                })),
              }}
            >
              <Button icon={<Download size={15} />}>{t("exporting.menu")}</Button>
            </Dropdown>
          ) : null}
        </div>
      </Lead>
      {job ? <JobToast key={job} job={job} download onClose={() => setJob(null)} /> : null}
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines lines={12} /> : null}
      {list && rows.length === 0 ? (
        <Empty icon={<CircleCheck size={20} />} title={t("meeting.none")} hint={say(panel.empty)} />
      ) : null}
      {list && rows.length > 0 ? (
        <>
          <p className={styles.sum}>
            <b>{t(list.more ? "meeting.first" : "meeting.count", { count: rows.length })}</b>
            {total ? <span>{t("meeting.total", { field: say(total.label), sum: amount(rows) })}</span> : null}
            {list.more ? <span className={styles.quiet}>{t("meeting.more")}</span> : null}
          </p>
          <Groups panel={panel} object={object} rows={rows} blockers={list.blockers ?? {}} amount={amount} depth={0} />
        </>
      ) : null}
    </Page>
  );
}

interface GroupsProps {
  panel: PanelDefinition;
  object: ObjectDefinition;
  rows: Row[];
  blockers: Record<string, Blockers>;
  amount: (rows: Row[]) => string;
  depth: number;
}

/** The rows under headings by the panel's sections, one within the other; the greatest group first. */
function Groups(props: GroupsProps) {
  const { t } = useTranslation();
  const { panel, object, rows, amount, depth } = props;
  const field = fieldOf(object, panel.sections?.[depth] ?? "");
  if (!field) return <Sheet {...props} />;
  return (
    <>
      {groupsOf(rows, field).map(({ key, value, own }) => (
        <Card
          key={key}
          flat={depth > 0}
          heading={depth === 0 ? "h3" : "h4"}
          title={
            <>
              {value ? <Cell object={object} field={field} value={value} row={own[0]} dense /> : t("loop.blank")}
              <small>{[t("meeting.count", { count: own.length }), amount(own)].filter(Boolean).join(" · ")}</small>
            </>
          }
        >
          <Groups {...props} rows={own} depth={depth + 1} />
        </Card>
      ))}
    </>
  );
}

function groupsOf(rows: Row[], field: Field) {
  const found = new Map<string, { key: string; value: unknown; own: Row[] }>();
  for (const row of rows) {
    const value = row[field.name];
    const key = JSON.stringify(value ?? null);
    const group = found.get(key) ?? { key, value, own: [] };
    group.own.push(row);
    found.set(key, group);
  }
  return [...found.values()].sort((a, b) => b.own.length - a.own.length);
}
