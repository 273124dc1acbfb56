import { App, Button } from "antd";
import { CloudCheck, PencilLine, Send, Trash2 } from "lucide-react";
import { useState } from "react";

import { records } from "@/api/records";
import type { Field, GateReason, Reason } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { fieldOf, pipelineOf, stageOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { Empty } from "@/design/Empty";
import { messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { Panel } from "@/design/Panel";
import { Time } from "@/design/Time";
import { useCreate } from "@/records/create/context";
import { useGateForm } from "@/records/gate/context";

import { EditChanges } from "./EditChanges";
import { EditRemark } from "./EditRemark";
import { type Entry, isEditable, revised, wanted } from "./entry";
import styles from "./outbox.module.css";
import { put, remove, replace } from "./store";
import { useOnline, useOutbox } from "./use";

/** What waits to be sent and what came back refused, each to be edited, sent again or dropped. */
export function OutboxPanel({ onClosed }: { onClosed: () => void }) {
  const { t } = useTranslation();
  const online = useOnline();
  const entries = useOutbox();
  const create = useCreate();
  const openGate = useGateForm();
  const { message } = App.useApp();
  const [open, setOpen] = useState(true);
  const [editing, setEditing] = useState<Entry | null>(null);
  const complete = async (entry: Entry, to: string) => {
    if (entry.record === null) return;
    const row = await records.get(entry.object, entry.record, "");
    setOpen(false);
    const reasons = (entry.problem?.errors ?? []) as GateReason[];
    openGate({ object: entry.object, row, to, reasons, onMoved: () => void remove(entry.key) });
  };
  const edit = (entry: Entry) => {
    if (entry.stage) {
      const to = String(entry.values[entry.stage]);
      return void complete(entry, to).catch((error: unknown) => message.error(messageOf(error) || t("error.offline")));
    }
    if (entry.record !== null) return setEditing(entry);
    setOpen(false);
    create({ object: entry.object, draft: entry });
  };
  return (
    <Panel open={open} title={t("outbox.title")} onClose={() => setOpen(false)} onClosed={onClosed}>
      <p className={styles.lead}>{online ? t("outbox.leadOnline") : t("outbox.leadOffline")}</p>
      {entries.length === 0 ? (
        <Empty icon={<CloudCheck size={22} />} title={t("outbox.none")} hint={t("outbox.noneHint")} />
      ) : (
        <ul className={styles.list}>
          {entries.map((entry) => (
            <Waiting key={entry.key} entry={entry} online={online} onEdit={() => edit(entry)} />
          ))}
        </ul>
      )}
      {editing?.remark ? <EditRemark entry={editing} onClosed={() => setEditing(null)} /> : null}
      {editing && !editing.remark ? <EditChanges entry={editing} onClosed={() => setEditing(null)} /> : null}
    </Panel>
  );
}

function Waiting({ entry, online, onEdit }: { entry: Entry; online: boolean; onEdit: () => void }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const { user } = useSession();
  const catalog = useCatalog();
  const object = catalog.objects[entry.object];
  if (!object || entry.user !== user.id) return null;
  const fields = Object.keys(wanted(entry))
    .map((name) => fieldOf(object, name))
    .filter((field): field is Field => field !== null);
  const drop = async () => {
    await remove(entry.key);
    const undo = () => void put(entry);
    void message.open({
      type: "info",
      duration: 8,
      content: (
        <span>
          {t("outbox.dropped")}
          <Button type="link" size="small" onClick={undo}>
            {t("action.undo")}
          </Button>
        </span>
      ),
    });
  };
  const stage = entry.stage ? stageOf(pipelineOf(catalog, object), entry.values[entry.stage]) : null;
  const what = (): string => {
    if (entry.remark) return t("outbox.remarkText", { text: entry.remark.body.text });
    if (entry.file) return t("outbox.fileText", { name: entry.file.name });
    if (stage) return t("palette.move", { stage: say(stage.label) });
    if (entry.record === null) return t("action.createThing", { thing: say(object.label) });
    return t("outbox.changes", { fields: fields.map((field) => say(field.label)).join(t("outbox.comma")) });
  };
  return (
    <li className={styles.entry}>
      <span className={styles.icon}>
        <ObjectIcon name={object.icon} size={17} />
      </span>
      <div className={styles.text}>
        <p className={styles.name}>{entry.title || say(object.label)}</p>
        <p className={styles.what}>
          {what()} · <Time value={new Date(entry.at).toISOString()} />
        </p>
        {entry.problem ? (
          <ReasonLines reasons={entry.problem.errors ?? []} detail={entry.problem.detail || entry.problem.title} />
        ) : (
          <p className={styles.state}>{t(stateOf(entry, online))}</p>
        )}
      </div>
      <div className={styles.tools}>
        {isEditable(entry) ? (
          <IconButton label={t("outbox.edit")} icon={<PencilLine size={16} />} onClick={onEdit} />
        ) : null}
        {online ? (
          <IconButton
            label={t("outbox.sendNow")}
            icon={<Send size={16} />}
            onClick={() => void replace(entry.key, (now) => sendable(now))}
          />
        ) : null}
        <IconButton label={t("outbox.drop")} icon={<Trash2 size={16} />} onClick={() => void drop()} />
      </div>
    </li>
  );
}

function sendable(entry: Entry): Entry {
  return entry.problem ? revised(entry, wanted(entry)) : { ...entry, dueAt: 0 };
}

function stateOf(entry: Entry, online: boolean): "outbox.stateOffline" | "outbox.stateRetry" | "outbox.stateWaiting" {
  if (!online) return "outbox.stateOffline";
  return entry.attempts > 0 ? "outbox.stateRetry" : "outbox.stateWaiting";
}

function ReasonLines({ reasons, detail }: { reasons: Reason[]; detail: string }) {
  const { t } = useTranslation();
  const lines = reasons.length > 0 ? reasons.map((one) => [one.message, one.hint].filter(Boolean).join(" ")) : [detail];
  return (
    <div className={styles.refusal} role="alert">
      <p>{t("outbox.cameBack")}</p>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}
