import {
  Archive,
  ArchiveRestore,
  ArrowRight,
  ArrowRightLeft,
  Check,
  Clock,
  Eye,
  HeartPulse,
  History,
  type LucideIcon,
  Mail,
  MailX,
  Merge,
  MessageSquare,
  Paperclip,
  PencilLine,
  PenLine,
  Plus,
  ScanLine,
  Send,
  Share2,
  ShieldAlert,
  ShieldX,
  Smartphone,
  Undo2,
  Zap,
} from "lucide-react";

import type { Change, TimelineItem } from "@/api/timeline";
import type { ObjectDefinition, Pipeline, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, pipelineOf, stageOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { cx } from "@/design/cx";
import { RecordLink } from "@/design/RecordLink";
import { Time } from "@/design/Time";

import { Quotable } from "../loop/Quotable";
import { CommentBubble } from "./CommentBubble";
import { DiffValue } from "./DiffValue";
import { Origin } from "./Origin";
import styles from "./timeline.module.css";

const ICONS: Record<string, LucideIcon> = {
  "record.created": Plus,
  "record.updated": PencilLine,
  "record.moved": ArrowRightLeft,
  "record.archived": Archive,
  "record.restored": ArchiveRestore,
  "record.merged": Merge,
  "record.shared": Share2,
  "record.unshared": Share2,
  "record.scored": HeartPulse,
  "substep.done": Check,
  "substep.undone": Undo2,
  "substep.worked": Check,
  "file.attached": Paperclip,
  "file.removed": Paperclip,
  "comment.edited": MessageSquare,
  "comment.removed": MessageSquare,
  "signature.asked": Smartphone,
  "signature.given": PenLine,
  "signature.missing": ScanLine,
  "signature.vouched": PenLine,
  "gate.blocked": ShieldX,
  "gate.overridden": ShieldAlert,
  "rule.fired": Zap,
  "timer.set": Clock,
  "timer.cancelled": Clock,
  "timer.fired": Clock,
  "mail.sent": Send,
  "mail.received": Mail,
  "mail.opened": Eye,
  "mail.link_followed": Eye,
  "mail.document_viewed": Eye,
  "mail.bounced": MailX,
};
const NOTABLE: Record<string, string | undefined> = {
  "record.moved": styles.moved,
  "gate.blocked": styles.blocked,
  "gate.overridden": styles.overridden,
};

interface Props {
  object: ObjectDefinition;
  row: Row;
  item: TimelineItem;
}

/** One thing that happened: who, what, when, and what it changed. */
export function TimelineEntry({ object, row, item }: Props) {
  const { t } = useTranslation();
  const pipeline = pipelineOf(useCatalog(), object);
  if (item.kind === "comment.added" && item.comment && !item.comment.removed_at) {
    return <CommentBubble object={object} row={row} comment={item.comment} />;
  }
  const made = item.record !== row.id && item.title !== undefined;
  const mailed = item.kind.startsWith("mail.");
  const Icon = ICONS[item.kind] ?? History;
  return (
    <li className={styles.entry}>
      <span className={cx(styles.icon, NOTABLE[item.kind])} aria-hidden>
        {made && !mailed ? <MadeIcon object={item.object} /> : <Icon size={13} strokeWidth={2} />}
      </span>
      <div className={styles.body}>
        <div className={styles.line}>
          <p className={styles.said}>
            <b>{(item.data?.resource as string | undefined) ?? item.actor?.label ?? t("timeline.system")}</b>
            {made && !mailed ? <Made item={item} /> : <What item={item} pipeline={pipeline} />}
            {made && mailed ? <Named item={item} /> : null}
            <Origin item={item} />
          </p>
          <span className={styles.when}>
            <Time value={item.at} />
          </span>
        </div>
        {made && item.text ? (
          <Quotable parent={object} row={row}>
            <p className={styles.words}>{item.text}</p>
          </Quotable>
        ) : null}
        {item.kind === "record.moved" ? null : (
          <ul className={styles.changes}>
            {item.changes.map((change) => (
              <Diff key={change.field} object={object} row={row} change={change} />
            ))}
          </ul>
        )}
        <Why item={item} pipeline={pipeline} />
      </div>
    </li>
  );
}

function MadeIcon({ object }: { object: string }) {
  return <ObjectIcon name={useCatalog().objects[object]?.icon} size={13} />;
}

/** A record that was made under this one. */
function Made({ item }: { item: TimelineItem }) {
  const { t } = useTranslation();
  const say = useLabel();
  const label = say(useCatalog().objects[item.object]?.label) || item.object;
  return (
    <>
      <span>{t("timeline.made", { thing: label })}</span>
      <Named item={item} />
    </>
  );
}

/** The record under this one that something happened to, by its title. */
function Named({ item }: { item: TimelineItem }) {
  return (
    <RecordLink object={item.object} id={String(item.record)} className={styles.link}>
      {item.title ?? String(item.record).slice(0, 8)}
    </RecordLink>
  );
}

function What({ item, pipeline }: { item: TimelineItem; pipeline: Pipeline | null }) {
  const { t } = useTranslation();
  const say = useLabel();
  const data = item.data ?? {};
  const stage = (name: unknown) => say(stageOf(pipeline, name)?.label) || (name ? String(name) : "");
  const deliverable = pipeline?.stages
    .flatMap((one) => [...one.entry, ...one.exit])
    .find((one) => one.name === data.name);
  const values = {
    from: stage(data.from),
    to: stage(data.to),
    name: say(deliverable?.label) || say(item.rule) || String(data.name ?? data.label ?? data.key ?? ""),
  };
  return <span>{t(`timeline.kind.${item.kind.replace(".", "_")}`, { ...values, defaultValue: item.kind })}</span>;
}

function Diff({ object, row, change }: { object: ObjectDefinition; row: Row; change: Change }) {
  const say = useLabel();
  const field = fieldOf(object, change.field);
  if (!field) return null;
  return (
    <li className={styles.change}>
      <span className={styles.changed}>{say(change.label) || say(field.label)}</span>
      <span className={styles.old}>
        <DiffValue object={object} field={field} row={row} value={change.old} currency={change.currency?.[0]} />
      </span>
      <ArrowRight size={12} aria-hidden />
      <span className={styles.new}>
        <DiffValue object={object} field={field} row={row} value={change.new} currency={change.currency?.[1]} />
      </span>
    </li>
  );
}

/** The reason that somebody gave, the deliverables that were missing, or what a comment said before. */
function Why({ item, pipeline }: { item: TimelineItem; pipeline: Pipeline | null }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { reason, unmet, hard, soft, old } = (item.data ?? {}) as Record<string, unknown>;
  const missing = [unmet, hard, soft].flatMap((names) => (Array.isArray(names) ? names.map(String) : []));
  const known = pipeline?.stages.flatMap((stage) => [...stage.entry, ...stage.exit]) ?? [];
  const labels = missing.map((name) => say(known.find((one) => one.name === name)?.label) || name);
  const said = typeof reason === "string" ? reason : item.kind === "comment.edited" ? String(old ?? "") : "";
  return (
    <>
      {labels.length > 0 ? (
        <p className={styles.missing}>{t("timeline.missing", { names: labels.join(t("filter.comma")) })}</p>
      ) : null}
      {said ? <blockquote className={styles.reason}>{said}</blockquote> : null}
    </>
  );
}
