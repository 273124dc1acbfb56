import { ArrowRight, ChevronRight, Cog } from "lucide-react";
import { useState } from "react";

import type { Change } from "@/api/timeline";
import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, isReference, pipelineOf, stageOf, targetOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { Avatar } from "@/design/Avatar";
import { cx } from "@/design/cx";
import { RecordLink } from "@/design/RecordLink";
import { Cell } from "@/fields/Cell";
import { isEmptyValue } from "@/fields/kinds";
import { refsOf } from "@/fields/reference/refs";
import { formatExact } from "@/format/date";
import { readWall } from "@/format/today";
import { RecordName } from "@/records/RecordName";

import styles from "./audit.module.css";
import type { TrailEvent } from "./trail";

/** One event on a line; pressed, it opens to its changes and to what was sealed of it. */
export function EventRow({ event }: { event: TrailEvent }) {
  const { t } = useTranslation();
  const { objects } = useCatalog();
  const [open, setOpen] = useState(false);
  const object = event.object ? (objects[event.object] ?? null) : null;
  const name = event.actor?.label ?? (event.actor ? event.actor.id.slice(0, 8) : t("timeline.system"));
  return (
    <li className={cx(styles.event, open && styles.open)}>
      <div className={styles.line}>
        <button
          type="button"
          className={styles.turn}
          aria-expanded={open}
          aria-label={t("audit.details", { number: event.seq })}
          onClick={() => setOpen(!open)}
        >
          <ChevronRight size={14} aria-hidden />
        </button>
        <time className={styles.time} dateTime={event.at} title={formatExact(event.at)}>
          {readWall(event.at).format("HH:mm:ss")}
        </time>
        <span className={styles.actor}>
          {event.actor ? <Avatar name={name} size={20} /> : <Cog size={15} aria-hidden className={styles.machine} />}
          <span className="cut">{name}</span>
        </span>
        <span className={styles.what}>
          <What event={event} object={object} />
        </span>
        <span className={styles.subject}>
          {object && event.record ? (
            <RecordLink object={object.name} id={event.record.id} tab="timeline" className={styles.record}>
              <ObjectIcon name={object.icon} size={14} />
              <span className="cut">{event.record.label ?? event.record.id.slice(0, 8)}</span>
            </RecordLink>
          ) : null}
        </span>
        <Cause cause={event.cause} />
      </div>
      {open ? <Details event={event} object={object} /> : null}
    </li>
  );
}

function What({ event, object }: { event: TrailEvent; object: ObjectDefinition | null }) {
  const { t } = useTranslation();
  const say = useLabel();
  const catalog = useCatalog();
  const pipeline = object ? pipelineOf(catalog, object) : null;
  const data = event.data ?? {};
  const stage = (name: unknown) => say(stageOf(pipeline, name)?.label) || (name ? String(name) : "");
  const kind = t(`audit.kind.${event.kind.replace(".", "_")}`, { defaultValue: event.kind });
  const changed = event.changes.map((change) => say(change.label)).filter(Boolean);
  const told =
    event.kind === "record.updated"
      ? changed.slice(0, 3).join(t("filter.comma")) + (changed.length > 3 ? t("audit.more", { count: changed.length }) : "")
      : data.to
        ? `${stage(data.from)} → ${stage(data.to)}`
        : say(event.rule) || String(data.name ?? data.rule ?? data.key ?? data.how ?? data.address ?? data.reason ?? "");
  return (
    <>
      <b className={cx(event.kind === "gate.blocked" && styles.blocked, event.kind === "gate.overridden" && styles.over)}>
        {kind}
      </b>
      {told ? <span className="cut">{told}</span> : null}
    </>
  );
}

function Cause({ cause }: { cause: string }) {
  const { t } = useTranslation();
  const [kind = "", ...rest] = cause.split("/");
  return (
    <span className={styles.cause} title={rest.join("/") || undefined}>
      {t(`audit.causes.${kind}`, { defaultValue: cause })}
    </span>
  );
}

function Details({ event, object }: { event: TrailEvent; object: ObjectDefinition | null }) {
  const { t } = useTranslation();
  const rest = Object.entries(event.data ?? {}).filter(([name]) => name !== "version");
  return (
    <div className={styles.details}>
      {object && event.changes.length > 0 ? (
        <table className={styles.diff}>
          <thead className="sr-only">
            <tr>
              <th scope="col">{t("audit.field")}</th>
              <th scope="col">{t("audit.old")}</th>
              <th scope="col">{t("audit.new")}</th>
            </tr>
          </thead>
          <tbody>
            {event.changes.map((change) => (
              <Diff key={change.field} object={object} change={change} />
            ))}
          </tbody>
        </table>
      ) : null}
      {rest.length > 0 ? (
        <pre className={styles.data} tabIndex={0}>
          {JSON.stringify(Object.fromEntries(rest), null, 2)}
        </pre>
      ) : null}
      <p className={styles.facts}>
        {t("audit.facts", { number: event.seq, transaction: event.transaction, snapshot: event.snapshot })}
      </p>
    </div>
  );
}

function Diff({ object, change }: { object: ObjectDefinition; change: Change }) {
  const say = useLabel();
  const field = fieldOf(object, change.field);
  const side = (value: unknown) => {
    if (isEmptyValue(value)) return <span className={styles.none}>{"∅"}</span>;
    if (!field) return String(value);
    if (!isReference(field)) return <Cell object={object} field={field} value={value} dense />;
    return refsOf(value).map((ref) => <RecordName key={ref.id} object={targetOf(field)} id={ref.id} />);
  };
  return (
    <tr>
      <th scope="row">{say(change.label) || change.field}</th>
      <td className={styles.old}>{side(change.old)}</td>
      <td>
        <span className={styles.arrow}>
          <ArrowRight size={12} aria-hidden />
          {side(change.new)}
        </span>
      </td>
    </tr>
  );
}
