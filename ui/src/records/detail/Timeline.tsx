import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { History } from "lucide-react";
import { useDeferredValue, useState } from "react";

import { keys, records, type Sought } from "@/api/records";
import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { may } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Person } from "@/design/Avatar";
import { BoneLines } from "@/design/Bones";
import { cx } from "@/design/cx";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";

import { CommentBox } from "./CommentBox";
import { usePeople } from "./people";
import styles from "./timeline.module.css";
import { TimelineEntry } from "./TimelineEntry";

const KINDS = ["comments", "changes", "moves", "children", "mails", "files", "rules"];

/** What was said about the record and what happened to it, newest first, narrowed to what one looks for. */
export function Timeline({ object, row }: { object: ObjectDefinition; row: Row }) {
  const { t } = useTranslation();
  const [sought, setSought] = useState<Sought>({});
  const result = useInfiniteQuery({
    queryKey: [...keys.timeline(object.name, row.id), sought],
    queryFn: ({ pageParam, signal }) => records.timeline(object.name, row.id, pageParam, sought, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const items = result.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = Object.values(sought).some(Boolean);
  return (
    <div className={styles.room}>
      {may(object, "read") && !row.archived_at ? <CommentBox object={object} id={row.id} /> : null}
      <Narrowing object={object} sought={sought} onChange={setSought} />
      {result.error ? <Failure error={result.error} retry={() => void result.refetch()} /> : null}
      {result.isPending ? <BoneLines lines={6} /> : null}
      {result.data && items.length === 0 ? (
        <Empty icon={<History size={20} />} title={narrowed ? t("timeline.noneSuch") : t("timeline.none")}>
          {narrowed ? <Button onClick={() => setSought({})}>{t("timeline.all")}</Button> : null}
        </Empty>
      ) : null}
      <ol className={styles.timeline}>
        {items.map((item) => (
          <TimelineEntry key={item.seq} object={object} row={row} item={item} />
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

interface NarrowingProps {
  object: ObjectDefinition;
  sought: Sought;
  onChange: (sought: Sought) => void;
}

function Narrowing({ object, sought, onChange }: NarrowingProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const fields = object.fields.filter((field) => !field.derived && !(field.system && field.readonly));
  return (
    <div className={styles.narrowing}>
      <div className={styles.kinds} role="group" aria-label={t("timeline.narrow")}>
        {["", ...KINDS].map((kind) => {
          const on = (sought.kind ?? "") === kind && !(kind === "" && sought.field);
          return (
            <button
              key={kind}
              type="button"
              aria-pressed={on}
              className={cx(styles.chip, on && styles.chosen)}
              onClick={() => onChange({ ...sought, kind: kind || undefined, field: undefined })}
            >
              {t(`timeline.of.${kind || "all"}`)}
            </button>
          );
        })}
      </div>
      <Select
        size="small"
        variant="filled"
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        popupMatchSelectWidth={false}
        className={styles.pick}
        aria-label={t("timeline.byField")}
        placeholder={t("timeline.byField")}
        value={sought.field}
        options={fields.map((field) => ({ value: field.name, label: say(field.label) }))}
        onChange={(field?: string) => onChange({ ...sought, field, kind: undefined })}
      />
      <PersonPick value={sought.person} onChange={(person) => onChange({ ...sought, person })} />
    </div>
  );
}

function PersonPick({ value, onChange }: { value?: string; onChange: (person?: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const people = usePeople(useDeferredValue(typed), open);
  return (
    <Select
      size="small"
      variant="filled"
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      popupMatchSelectWidth={false}
      className={styles.pick}
      aria-label={t("timeline.byPerson")}
      placeholder={t("timeline.byPerson")}
      value={value}
      options={people.map((person) => ({ value: person.id, label: person.label ?? "" }))}
      optionRender={(option) => <Person name={String(option.label)} />}
      onOpenChange={setOpen}
      onChange={(person?: string) => onChange(person)}
    />
  );
}
