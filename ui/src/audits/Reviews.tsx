import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { ChevronRight, ClipboardCheck } from "lucide-react";

import type { AuditDefinition } from "@/api/auditing";
import type { ObjectDefinition, Ref, Row } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { fieldOf, useObject } from "@/catalog/catalog";
import { Person } from "@/design/Avatar";
import { BoneLines } from "@/design/Bones";
import { Card } from "@/design/Card";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { Cell } from "@/fields/Cell";
import { useRows } from "@/records/query";

import styles from "./audits.module.css";
import { Score } from "./Score";

const JUDGING = ["assigned", "appealed"];

/** The reviews within reach: first those that wait for the viewer, then the rest, the newest draw first. */
export function Reviews({ audit, draws }: { audit: AuditDefinition; draws: Row[] }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const object = useObject(audit.reviews);
  const { rows, loading, error, retry, more, fetchMore, fetchingMore } = useRows(audit.reviews, {
    sort: "-draw,status",
    limit: 200,
    expand: "judged,owner,reviewer,draw",
  });
  if (error) return <Failure error={error} retry={retry} />;
  if (loading || !object) return <BoneLines lines={8} />;
  const turn = rows.filter((row) => isTurnOf(row, user.id));
  const rest = rows.filter((row) => !turn.includes(row));
  if (rows.length === 0) {
    const next = draws.find((draw) => draw.status !== "drawn");
    return (
      <Empty
        icon={<ClipboardCheck size={20} />}
        title={t("audits.none")}
        hint={t(next ? "audits.noneYet" : "audits.noneHint")}
      />
    );
  }
  return (
    <>
      {turn.length > 0 ? <Group title={t("audits.yourTurn")} audit={audit} object={object} rows={turn} /> : null}
      {rest.length > 0 ? (
        <Group title={t(turn.length > 0 ? "audits.others" : "audits.tab.reviews")} audit={audit} object={object} rows={rest} />
      ) : null}
      {more ? (
        <Button block type="text" loading={fetchingMore} onClick={fetchMore}>
          {t("timeline.older")}
        </Button>
      ) : null}
    </>
  );
}

function isTurnOf(row: Row, user: string): boolean {
  if (JUDGING.includes(String(row.status))) return (row.owner as Ref | null)?.id === user;
  return row.status === "judged" && (row.judged as Ref | null)?.id === user;
}

interface GroupProps {
  title: string;
  audit: AuditDefinition;
  object: ObjectDefinition;
  rows: Row[];
}

function Group({ title, audit, object, rows }: GroupProps) {
  const status = fieldOf(object, "status");
  return (
    <Card
      heading="h3"
      label={title}
      title={
        <>
          {title}
          <small>{rows.length}</small>
        </>
      }
    >
      <ul className={styles.reviews}>
        {rows.map((row) => (
          <li key={row.id}>
            <Link to="/audits/$audit/$id" params={{ audit: audit.name, id: row.id }} className={styles.review}>
              <span className={styles.subject}>
                <b className="cut">{String(row.name)}</b>
                <small className="cut">{String(row.stratum ?? "")}</small>
              </span>
              <span className={styles.person}>
                {row.judged ? <Person name={(row.judged as Ref).label ?? ""} /> : null}
              </span>
              <span className={styles.status}>
                {status ? <Cell object={object} field={status} value={row.status} row={row} dense /> : null}
              </span>
              <span className={styles.draw}>{(row.draw as Ref | null)?.label}</span>
              <Score value={row.score} first={row.first_score} />
              <ChevronRight size={15} className={styles.go} aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
