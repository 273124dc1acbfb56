import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import {
  Archive,
  ArchiveRestore,
  ArrowRight,
  ArrowRightLeft,
  Check,
  Clock,
  History,
  type LucideIcon,
  Merge,
  Paperclip,
  PencilLine,
  Plus,
  Share2,
  ShieldAlert,
  ShieldX,
  Undo2,
  Zap,
} from "lucide-react";
import { useTranslation } from "react-i18next";

import { keys, records } from "@/api/records";
import type { Change, ObjectDefinition, Pipeline, Row, TimelineItem } from "@/api/types";
import { fieldOf, isReference, pipelineOf, stageOf, targetOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { cx } from "@/design/cx";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { Time } from "@/design/Time";
import { Cell } from "@/fields/Cell";
import { isEmptyValue } from "@/fields/kinds";
import { refsOf } from "@/fields/reference/refs";

import { RecordName } from "../RecordName";
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
  "substep.done": Check,
  "substep.undone": Undo2,
  "file.attached": Paperclip,
  "file.removed": Paperclip,
  "gate.blocked": ShieldX,
  "gate.overridden": ShieldAlert,
  "rule.fired": Zap,
  "timer.set": Clock,
  "timer.cancelled": Clock,
  "timer.fired": Clock,
};
/** Causes that go without saying: somebody did it in the page. */
const DIRECT = ["page", "http"];
const NOTABLE: Record<string, string | undefined> = {
  "record.moved": styles.moved,
  "gate.blocked": styles.blocked,
  "gate.overridden": styles.overridden,
};

/** What happened to the record, newest first, with every change of a field. */
export function Timeline({ object, row }: { object: ObjectDefinition; row: Row }) {
  const { t } = useTranslation();
  const result = useInfiniteQuery({
    queryKey: keys.timeline(object.name, row.id),
    queryFn: ({ pageParam, signal }) => records.timeline(object.name, row.id, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  if (result.error) return <Failure error={result.error} retry={() => void result.refetch()} />;
  if (!result.data) return <BoneLines lines={6} />;
  const items = result.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Empty icon={<History size={20} />} title={t("timeline.none")} />;
  return (
    <div>
      <ol className={styles.timeline}>
        {items.map((item) => (
          <Entry key={item.seq} object={object} item={item} />
        ))}
      </ol>
      {result.hasNextPage ? (
        <Button block type="text" loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>
          {t("timeline.older")}
        </Button>
      ) : null}
    </div>
  );
}

function Entry({ object, item }: { object: ObjectDefinition; item: TimelineItem }) {
  const { t } = useTranslation();
  const pipeline = pipelineOf(useCatalog(), object);
  const Icon = ICONS[item.kind] ?? History;
  const changes = item.kind === "record.updated" ? item.changes : [];
  return (
    <li className={styles.entry}>
      <span className={cx(styles.icon, NOTABLE[item.kind])} aria-hidden>
        <Icon size={13} strokeWidth={2} />
      </span>
      <div className={styles.body}>
        <p className={styles.line}>
          <b>{item.actor?.label ?? t("timeline.system")}</b>
          <What item={item} pipeline={pipeline} />
          <Origin cause={item.cause} />
          <span className={styles.when}>
            <Time value={item.at} />
          </span>
        </p>
        {changes.length > 0 ? (
          <ul className={styles.changes}>
            {changes.map((change) => (
              <Diff key={change.field} object={object} change={change} />
            ))}
          </ul>
        ) : null}
        <Why item={item} pipeline={pipeline} />
      </div>
    </li>
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
    name: say(deliverable?.label) || String(data.name ?? data.label ?? data.rule ?? data.key ?? ""),
  };
  return <span>{t(`timeline.kind.${item.kind.replace(".", "_")}`, { ...values, defaultValue: item.kind })}</span>;
}

function Origin({ cause }: { cause: string }) {
  const { t } = useTranslation();
  const [kind, ...rest] = cause.split("/");
  if (!kind || DIRECT.includes(kind)) return null;
  return (
    <span className={styles.origin}>{t(`timeline.cause.${kind}`, { name: rest.join("/"), defaultValue: cause })}</span>
  );
}

function Diff({ object, change }: { object: ObjectDefinition; change: Change }) {
  const say = useLabel();
  const field = fieldOf(object, change.field);
  if (!field) return null;
  const side = (value: unknown) => {
    if (isEmptyValue(value)) return <span className={styles.blank}>{"∅"}</span>;
    if (!isReference(field)) return <Cell object={object} field={field} value={value} dense />;
    return refsOf(value).map((ref) => <RecordName key={ref.id} object={targetOf(field)} id={ref.id} />);
  };
  return (
    <li className={styles.change}>
      <span className={styles.changed}>{say(change.label) || say(field.label)}</span>
      <span className={styles.old}>{side(change.old)}</span>
      <ArrowRight size={12} aria-hidden />
      <span className={styles.new}>{side(change.new)}</span>
    </li>
  );
}

/** The reason that somebody gave, or the deliverables that were missing. */
function Why({ item, pipeline }: { item: TimelineItem; pipeline: Pipeline | null }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { reason, unmet, hard, soft } = (item.data ?? {}) as Record<string, unknown>;
  const missing = [unmet, hard, soft].flatMap((names) => (Array.isArray(names) ? names.map(String) : []));
  const known = pipeline?.stages.flatMap((stage) => [...stage.entry, ...stage.exit]) ?? [];
  const labels = missing.map((name) => say(known.find((one) => one.name === name)?.label) || name);
  return (
    <>
      {labels.length > 0 ? (
        <p className={styles.missing}>{t("timeline.missing", { names: labels.join(t("filter.comma")) })}</p>
      ) : null}
      {typeof reason === "string" && reason ? <blockquote className={styles.reason}>{reason}</blockquote> : null}
    </>
  );
}
