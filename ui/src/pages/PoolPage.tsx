import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Popover, Segmented, Select } from "antd";
import { Waves } from "lucide-react";
import { useState } from "react";

import type { BulkReport, ObjectDefinition, Ref } from "@/api/types";
import { PageTitle } from "@/app/shell/slot";
import { useTranslation } from "@/app/translation";
import { fieldOf, optionsOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Bar, Gap } from "@/design/Bar";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { Lying } from "@/pools/Lying";
import { claim, lyingQuery, type Pool, type PooledRow, poolsQuery } from "@/pools/pools";
import styles from "@/pools/pools.module.css";
import { Quota } from "@/pools/Quota";
import { spoilRecords } from "@/records/cache";
import { QuickSearch } from "@/records/list/QuickSearch";
import { RefusedReport } from "@/records/list/RefusedReport";
import { PickPerson } from "@/records/manage/Pick";

import { NotFoundPage } from "./NotFoundPage";

const MOST_FILTERS = 3;

/** The public pools that the viewer may use. */
export function PoolPage() {
  const { pools } = useCatalog();
  const [name, setName] = useState(pools[0]?.name ?? "");
  const { data, error, refetch } = useQuery({ ...poolsQuery, enabled: pools.length > 0 });
  const pool = data?.items.find((one) => one.name === name);
  if (pools.length === 0) return <NotFoundPage />;
  return (
    <>
      <Title pools={pools} name={name} onChange={setName} />
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines lines={10} /> : null}
      {pool ? <OnePool key={pool.name} pool={pool} /> : null}
    </>
  );
}

interface TitleProps {
  pools: { name: string; label: { zh: string; en: string } }[];
  name: string;
  onChange: (name: string) => void;
}

function Title({ pools, name, onChange }: TitleProps) {
  const { t } = useTranslation();
  const say = useLabel();
  return (
    <PageTitle text={t("places.pool")}>
      <Waves size={16} strokeWidth={1.7} aria-hidden />
      <h1>{pools.length === 1 ? say(pools[0]?.label) : t("places.pool")}</h1>
      {pools.length > 1 ? (
        <Segmented
          aria-label={t("places.pool")}
          value={name}
          options={pools.map((one) => ({ value: one.name, label: say(one.label) }))}
          onChange={onChange}
        />
      ) : null}
    </PageTitle>
  );
}

function OnePool({ pool }: { pool: Pool }) {
  const { t } = useTranslation();
  const object = useCatalog().objects[pool.object];
  const [q, setQ] = useState("");
  const [picked, setPicked] = useState<Record<string, string>>({});
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const filter = Object.entries(picked)
    .filter(([, value]) => value)
    .map(([field, value]) => `${field} == "${value}"`)
    .join(" and ");
  const result = useInfiniteQuery({
    ...lyingQuery(pool.name, { q, filter, sort: "-updated_at" }),
    placeholderData: keepPreviousData,
  });
  const rows = result.data?.pages.flatMap((page) => page.items) ?? [];
  const taking = useTaking(pool, rows, () => setChosen(new Set()));
  if (!object) return null;
  const choose = (ids: string[], on: boolean) =>
    setChosen((now) => new Set(on ? [...now, ...ids] : [...now].filter((id) => !ids.includes(id))));
  return (
    <>
      <Bar>
        <span className={styles.search}>
          <QuickSearch value={q} onChange={setQ} />
        </span>
        <Filters pool={pool} object={object} picked={picked} onPick={setPicked} />
        <Gap />
        {chosen.size > 0 ? (
          <ForChosen pool={pool} count={chosen.size} busy={taking.busy} onTake={(to) => taking.take([...chosen], to)} />
        ) : (
          <Quota pool={pool} />
        )}
      </Bar>
      <div className={styles.page}>
        {result.error ? <Failure error={result.error} retry={() => void result.refetch()} /> : null}
        {result.isPending ? <BoneLines lines={10} /> : null}
        {result.data && rows.length === 0 ? (
          <NothingLies
            pool={pool}
            sought={Boolean(q || filter)}
            onClear={() => {
              setQ("");
              setPicked({});
            }}
          />
        ) : null}
        {rows.length > 0 ? (
          <Lying
            pool={pool}
            object={object}
            rows={rows}
            chosen={chosen}
            busy={taking.busy}
            onChoose={choose}
            onClaim={(row) => void taking.take([row.id])}
          />
        ) : null}
        {result.hasNextPage ? (
          <Button block type="text" loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>
            {t("list.more")}
          </Button>
        ) : null}
      </div>
      {taking.report ? (
        <RefusedReport object={object} rows={rows} report={taking.report} onClose={taking.close} />
      ) : null}
    </>
  );
}

/** The pool is empty, or nothing in it fits what is sought. */
function NothingLies({ pool, sought, onClear }: { pool: Pool; sought: boolean; onClear: () => void }) {
  const { t } = useTranslation();
  const icon = <Waves size={22} />;
  if (sought) {
    return (
      <Empty icon={icon} title={t("pool.none")} hint={t("pool.noneHint")}>
        <Button onClick={onClear}>{t("pool.clear")}</Button>
      </Empty>
    );
  }
  const hint = pool.idle ? t("pool.emptyHint", { days: pool.idle.days }) : t("pool.emptyHintPlain");
  return <Empty icon={icon} title={t("pool.empty")} hint={hint} />;
}

/** Claims or assigns, says what came of it, and leads to a single one. */
function useTaking(pool: Pool, rows: PooledRow[], onDone: () => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const object = useCatalog().objects[pool.object];
  const [busy, setBusy] = useState(false);
  const [report, setReport] = useState<BulkReport | null>(null);
  const told = (ids: string[], to: Ref | undefined) => {
    const title = String(rows.find((row) => row.id === ids[0])?.[object?.title ?? ""] ?? "");
    if (to) return t("pool.assigned", { count: ids.length, name: to.label ?? "" });
    return ids.length === 1 ? t("pool.claimedOne", { name: title }) : t("pool.claimed", { count: ids.length });
  };
  const take = async (ids: string[], to?: Ref) => {
    setBusy(true);
    try {
      const done = await claim(pool.name, ids, to?.id);
      const single = done.refused[0]?.errors[0];
      if (done.refused.length === 0) {
        void message.success({
          content: (
            <span>
              {told(ids, to)}
              {ids.length === 1 && !to ? (
                <Button
                  type="link"
                  size="small"
                  onClick={() =>
                    void navigate({ to: "/records/$object/$id", params: { object: pool.object, id: ids[0] ?? "" } })
                  }
                >
                  {t("pool.open")}
                </Button>
              ) : null}
            </span>
          ),
        });
      } else if (ids.length === 1 && single) void message.error([single.message, single.hint].filter(Boolean).join(" "));
      else setReport(done);
      onDone();
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      await spoilRecords(client);
      setBusy(false);
    }
  };
  return { busy, report, take, close: () => setReport(null) };
}

interface FiltersProps {
  pool: Pool;
  object: ObjectDefinition;
  picked: Record<string, string>;
  onPick: (picked: Record<string, string>) => void;
}

/** The first fields with options, each as a choice. */
function Filters({ pool, object, picked, onPick }: FiltersProps) {
  const say = useLabel();
  const catalog = useCatalog();
  const fields = pool.fields
    .map((name) => fieldOf(object, name))
    .filter((field) => field?.type === "select")
    .slice(0, MOST_FILTERS);
  return fields.map((field) =>
    field ? (
      <Select
        key={field.name}
        aria-label={say(field.label)}
        placeholder={say(field.label)}
        allowClear
        value={picked[field.name] || undefined}
        options={optionsOf(catalog, object, field).map((one) => ({ value: one.value, label: say(one.label) }))}
        popupMatchSelectWidth={false}
        onChange={(value?: string) => onPick({ ...picked, [field.name]: value ?? "" })}
      />
    ) : null,
  );
}

function ForChosen({
  pool,
  count,
  busy,
  onTake,
}: {
  pool: Pool;
  count: number;
  busy: boolean;
  onTake: (to?: Ref) => Promise<void>;
}) {
  const { t } = useTranslation();
  const [person, setPerson] = useState<Ref | null>(null);
  return (
    <div className={styles.chosen} role="toolbar" aria-label={t("pool.chosen", { count })}>
      <span>{t("pool.chosen", { count })}</span>
      {pool.can.claim ? (
        <Button type="primary" loading={busy} onClick={() => void onTake()}>
          {t("pool.claimChosen")}
        </Button>
      ) : null}
      {pool.can.assign ? (
        <Popover
          trigger="click"
          placement="bottomRight"
          content={
            <div className={styles.sheet}>
              <PickPerson label={t("pool.assignTo")} value={person} onChange={setPerson} />
              <Button type="primary" disabled={!person} onClick={() => person && void onTake(person)}>
                {t("pool.assign")}
              </Button>
            </div>
          }
        >
          <Button loading={busy}>{t("pool.assignChosen")}</Button>
        </Popover>
      ) : null}
    </div>
  );
}
