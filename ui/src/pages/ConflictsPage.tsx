import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Segmented, Select } from "antd";
import { Handshake, ShieldAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "@/app/session";
import { PageTitle } from "@/app/shell/slot";
import { useLabel } from "@/catalog/label";
import { ConflictCard } from "@/conflicts/ConflictCard";
import { conflictsQuery, type ConflictState } from "@/conflicts/conflicts";
import styles from "@/conflicts/conflicts.module.css";
import { Settling } from "@/conflicts/Settling";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";

import { NotFoundPage } from "./NotFoundPage";

const STATES: readonly ConflictState[] = ["open", "resolved", "ignored"];

export function ConflictsPage() {
  const { permissions } = useSession();
  return permissions.includes("conflicts") ? <Conflicts /> : <NotFoundPage />;
}

/** All conflicts over records that the viewer reaches: to be settled, settled, borne. */
function Conflicts() {
  const { t } = useTranslation();
  const say = useLabel();
  const [state, setState] = useState<ConflictState>("open");
  const [name, setName] = useState("");
  const result = useInfiniteQuery(conflictsQuery(state, name));
  const first = result.data?.pages[0];
  const items = result.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageTitle text={t("places.conflicts")}>
        <ShieldAlert size={16} strokeWidth={1.7} aria-hidden />
        <h1>{t("places.conflicts")}</h1>
      </PageTitle>
      <div className={styles.page}>
        <div className={styles.bar}>
          <Segmented<ConflictState>
            aria-label={t("clash.state")}
            value={state}
            onChange={setState}
            options={STATES.map((value) => ({
              value,
              label: (
                <>
                  {t(`clash.states.${value}`)}
                  {first ? <span className={styles.count}>{first.counts[value]}</span> : null}
                </>
              ),
            }))}
          />
          <Select
            aria-label={t("clash.kind")}
            value={name}
            onChange={setName}
            options={[
              { value: "", label: t("clash.allKinds") },
              ...(first?.kinds ?? []).map((kind) => ({ value: kind.name, label: say(kind.label) })),
            ]}
          />
        </div>
        {result.error ? <Failure error={result.error} retry={() => void result.refetch()} /> : null}
        {result.isPending ? <BoneLines lines={8} /> : null}
        {result.data && items.length === 0 ? (
          <Empty icon={<Handshake size={22} />} title={t(`clash.none.${state}`)} hint={t("clash.noneHint")} />
        ) : null}
        {items.length > 0 ? (
          <div className={styles.list}>
            {items.map((conflict) => (
              <ConflictCard key={conflict.id} conflict={conflict} named>
                <Settling conflict={conflict} />
              </ConflictCard>
            ))}
          </div>
        ) : null}
        {result.hasNextPage ? (
          <Button block type="text" loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>
            {t("list.more")}
          </Button>
        ) : null}
      </div>
    </>
  );
}
