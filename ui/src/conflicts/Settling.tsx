import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Popover } from "antd";
import { lazy, type ReactNode, Suspense, useState } from "react";

import type { ObjectDefinition, Ref } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { fieldOf, isWritable, may, useCatalog } from "@/catalog/catalog";
import { messageOf } from "@/design/Failure";
import { spoilRecords } from "@/records/cache";
import { PickPerson } from "@/records/manage/Pick";
import { recordQuery } from "@/records/query";

import { type Conflict, settle, type Way } from "./conflicts";
import styles from "./conflicts.module.css";

const MergePanel = lazy(() =>
  import("@/records/manage/MergePanel").then((module) => ({ default: module.MergePanel })),
);

/** What the viewer may do about a conflict. */
export function Settling({ conflict }: { conflict: Conflict }) {
  const { t } = useTranslation();
  const { user, permissions } = useSession();
  const object = useCatalog().objects[conflict.object];
  const [merging, setMerging] = useState(false);
  const act = useSettle(conflict);
  if (!object || !conflict.record.id) return null;
  const manages = permissions.includes("conflicts");
  if (conflict.state !== "open") {
    return manages ? (
      <div className={styles.deeds}>
        <WithReason text={t("clash.reopen")} go={(reason) => act("reopen", t("clash.reopened"), { reason })} />
      </div>
    ) : null;
  }
  const owner = conflict.record.owner;
  const others = conflict.people.filter((person) => person.id !== owner?.id);
  const clashing = conflict.kind !== "files" && others.length > 0;
  const shares = clashing && (may(object, "share") || owner?.id === user.id);
  const names = others.map((person) => person.label ?? "—").join(t("filter.comma"));
  const merges = conflict.other?.id && may(object, "merge") && may(object, "archive");
  const deeds: ReactNode[] = [
    merges ? (
      <Button key="merge" size="small" type="primary" onClick={() => setMerging(true)}>
        {t("clash.merge")}
      </Button>
    ) : null,
    shares ? (
      <Button key="share" size="small" onClick={() => void act("share", t("clash.shared", { names }))}>
        {t("clash.share", { names })}
      </Button>
    ) : null,
    clashing && handsOver(object) ? <HandOver key="hand" people={others} act={act} /> : null,
    manages ? (
      <span key="aside" className={styles.aside}>
        <WithReason text={t("clash.done")} go={(reason) => act("done", t("clash.isDone"), { reason })} />
        <WithReason text={t("clash.ignore")} go={(reason) => act("ignore", t("clash.isIgnored"), { reason })} />
      </span>
    ) : null,
  ].filter(Boolean);
  if (deeds.length === 0) return <p className={styles.ask}>{t("clash.ask")}</p>;
  return (
    <div className={styles.deeds}>
      {deeds}
      {merging ? <Merging object={object} conflict={conflict} onClose={() => setMerging(false)} /> : null}
    </div>
  );
}

type Act = (how: Way, told: string, more?: { reason?: string; person?: string }) => Promise<boolean>;

function useSettle(conflict: Conflict): Act {
  const { message } = App.useApp();
  const client = useQueryClient();
  return async (how, told, more) => {
    try {
      await settle(conflict, how, more);
      await spoilRecords(client);
      void message.success(told);
      return true;
    } catch (error) {
      void message.error(messageOf(error));
      return false;
    }
  };
}

function handsOver(object: ObjectDefinition): boolean {
  const field = fieldOf(object, "owner");
  return Boolean(field && isWritable(field) && may(object, "update"));
}

/** Gives the record to one of those who clash, or to somebody else. */
function HandOver({ people, act }: { people: Ref[]; act: Act }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [person, setPerson] = useState<Ref | null>(people[0] ?? null);
  const go = async () => {
    if (person && (await act("hand_over", t("clash.handedOver", { name: person.label ?? "" }), { person: person.id }))) {
      setOpen(false);
    }
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      content={
        <div className={styles.sheet}>
          <PickPerson label={t("clash.receiver")} value={person} onChange={setPerson} />
          <Button type="primary" disabled={!person} onClick={() => void go()}>
            {t("clash.handOver")}
          </Button>
        </div>
      }
    >
      <Button size="small">{t("clash.handOverTo")}</Button>
    </Popover>
  );
}

/** A deed that needs a reason. */
function WithReason({ text, go }: { text: string; go: (reason: string) => Promise<boolean> }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const done = async () => {
    if (await go(reason.trim())) setOpen(false);
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      content={
        <div className={styles.sheet}>
          <Input.TextArea
            autoFocus
            aria-label={t("clash.reason")}
            placeholder={t("clash.reasonHint")}
            maxLength={1000}
            rows={3}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button type="primary" disabled={!reason.trim()} onClick={() => void done()}>
            {text}
          </Button>
        </div>
      }
    >
      <Button size="small" type="text">
        {text}
      </Button>
    </Popover>
  );
}

function Merging({ object, conflict, onClose }: { object: ObjectDefinition; conflict: Conflict; onClose: () => void }) {
  const { data } = useQuery(recordQuery(object, conflict.record.id ?? ""));
  const other = conflict.other?.id ? { id: conflict.other.id, label: conflict.other.label } : null;
  return data ? (
    <Suspense fallback={null}>
      <MergePanel object={object} row={data} open with={other} onClose={onClose} />
    </Suspense>
  ) : null;
}
