import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { History, RotateCcw } from "lucide-react";
import { useState } from "react";

import { keys, records } from "@/api/records";
import type { TimelineItem } from "@/api/timeline";
import type { Field, ObjectDefinition, Row, Values } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { isWritable, pipelineOf, useCatalog } from "@/catalog/catalog";
import { isLocked } from "@/catalog/condition";
import { useLabel } from "@/catalog/label";
import { Avatar } from "@/design/Avatar";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { Panel } from "@/design/Panel";
import { Time } from "@/design/Time";
import { sameValue } from "@/fields/wire";

import { spoilRecords } from "../cache";
import { currencyColumn, saveMerging } from "../merging";
import { DiffValue } from "./DiffValue";
import styles from "./history.module.css";
import { Origin } from "./Origin";

interface Props {
  object: ObjectDefinition;
  field: Field;
  row: Row;
  editable: boolean;
  onClose: () => void;
}

/** Every value that a field has held, and a way back to one. Going back is a change like any other. */
export function FieldHistory({ object, field, row, editable, onClose }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const staged = pipelineOf(useCatalog(), object)?.field === field.name;
  const [open, setOpen] = useState(true);
  const [busy, setBusy] = useState<number | null>(null);
  const sought = { field: field.name };
  const result = useInfiniteQuery({
    queryKey: [...keys.timeline(object.name, row.id), sought],
    queryFn: ({ pageParam, signal }) => records.timeline(object.name, row.id, pageParam, sought, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const items = result.data?.pages.flatMap((page) => page.items) ?? [];
  const restorable = editable && isWritable(field) && !staged && !isLocked(field, row);
  const restore = async (item: TimelineItem) => {
    setBusy(item.seq);
    try {
      const outcome = await saveMerging(object, row, heldAfter(item, field));
      if (outcome.kind === "collision") void message.warning(t("form.staleShort"));
      else void message.success(t("record.history.restored", { field: say(field.label) }));
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(null);
      await spoilRecords(client);
    }
  };
  return (
    <Panel
      open={open}
      width={440}
      title={t("record.history.of", { field: say(field.label) })}
      onClose={() => setOpen(false)}
      onClosed={onClose}
    >
      {result.error ? <Failure error={result.error} retry={() => void result.refetch()} /> : null}
      {result.isPending ? <BoneLines lines={5} /> : null}
      {result.data && items.length === 0 ? (
        <Empty icon={<History size={20} />} title={t("record.history.none")} hint={t("record.history.noneHint")} />
      ) : null}
      <ol className={styles.list}>
        {items.map((item) => {
          const held = heldAfter(item, field);
          const now = Object.entries(held).every(([column, value]) => sameValue(value, row[column]));
          return (
            <li key={item.seq} className={styles.item}>
              <div className={styles.value}>
                <DiffValue
                  object={object}
                  field={field}
                  row={{ ...row, ...held }}
                  value={held[field.name]}
                />
                {now ? <span className={styles.now}>{t("record.history.now")}</span> : null}
                {restorable && !now ? (
                  <Button
                    size="small"
                    icon={<RotateCcw size={13} />}
                    loading={busy === item.seq}
                    onClick={() => void restore(item)}
                  >
                    {t("record.history.restore")}
                  </Button>
                ) : null}
              </div>
              <p className={styles.by}>
                <Avatar name={item.actor?.label ?? t("timeline.system")} size={18} />
                {item.actor?.label ?? t("timeline.system")}
                <Origin item={item} />
                <Time value={item.at} />
              </p>
            </li>
          );
        })}
      </ol>
      {result.hasNextPage ? (
        <Button block type="text" loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>
          {t("timeline.older")}
        </Button>
      ) : null}
    </Panel>
  );
}

/** What the columns of a field held after an event: its value, and of an amount the currency. */
function heldAfter(item: TimelineItem, field: Field): Values {
  const change = item.changes.find((one) => one.field === field.name);
  const currency = change?.currency?.[1];
  return { [field.name]: change?.new ?? null, ...(currency ? { [currencyColumn(field.name)]: currency } : {}) };
}
