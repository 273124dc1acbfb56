import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Segmented, Select } from "antd";
import { Handshake, ShieldAlert } from "lucide-react";
import { useState } from "react";

import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { ConflictCard } from "@/conflicts/ConflictCard";
import { conflictsQuery, type ConflictState } from "@/conflicts/conflicts";
import styles from "@/conflicts/conflicts.module.css";
import { Settling } from "@/conflicts/Settling";
import { Bar } from "@/design/Bar";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";

import { List } from "@/design/List";
import { NotFoundPage } from "./NotFoundPage";
import { Page } from "@/design/Page";

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
    <Page icon={ShieldAlert} title={t("places.conflicts")} width="medium">
      <Bar look="bare">
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
      </Bar>
      {result.error ? <Failure error={result.error} retry={() => void result.refetch()} /> : null}
      {result.isPending ? <BoneLines lines={8} /> : null}
      {result.data && items.length === 0 ? (
        <Empty icon={<Handshake size={22} />} title={t(`clash.none.${state}`)} hint={t(`clash.noneHint.${state}`)} />
      ) : null}
      {items.length > 0 ? (
        <List>
          {items.map((conflict) => (
            <li key={conflict.id}>
              <ConflictCard conflict={conflict} named>
                <Settling conflict={conflict} />
              </ConflictCard>
            </li>
          ))}
        </List>
      ) : null}
      {result.hasNextPage ? (
        <Button block type="text" loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>
          {t("list.more")}
        </Button>
      ) : null}
    </Page>
  );
}
