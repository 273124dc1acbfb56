import { useInfiniteQuery } from "@tanstack/react-query";
import { App, Button, Segmented, Select } from "antd";
import { CircleCheck, CircleX, Clock, Inbox, LoaderCircle, type LucideIcon, RotateCw, Siren } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { Bar } from "@/design/Bar";
import { BoneLines } from "@/design/Bones";
import { cx } from "@/design/cx";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { List } from "@/design/List";
import { RecordLink } from "@/design/RecordLink";
import { Time } from "@/design/Time";

import { type Delivery, logQuery, MAIL, type Outlets, useResend } from "./outlets";
import styles from "./outlets.module.css";
import { type DeliveryState, type OutletSearch, STATES } from "./search";

const ICONS: Record<DeliveryState, LucideIcon> = {
  waiting: Clock,
  sending: LoaderCircle,
  sent: CircleCheck,
  dead: CircleX,
};

interface Props {
  known: Outlets;
  search: OutletSearch;
  onSearch: (changes: Partial<OutletSearch>) => void;
}

/** What left through outlets and by e-mail, what waits and what was given up. */
export function DeliveryLog({ known, search, onSearch }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(logQuery(search));
  const resend = useResend();
  const found = data?.pages.flatMap((page) => page.items) ?? [];
  const dead = found.filter(canResend).map((one) => one.id);
  const again = (ids: string[]) =>
    resend.mutate(ids, {
      onSuccess: ({ count }) => void message.success(t("outlets.queued", { count })),
      onError: (failure) => void message.error(messageOf(failure)),
    });
  return (
    <>
      <Bar look="bare" search={t("outlets.log")}>
        <Segmented<DeliveryState | "all">
          value={search.state ?? "all"}
          onChange={(next) => onSearch({ state: next === "all" ? undefined : next })}
          options={[
            { value: "all", label: t("bell.all") },
            ...STATES.map((state) => ({ value: state, label: t(`outlets.state.${state}`) })),
          ]}
        />
        <Select<string>
          aria-label={t("places.outlets")}
          placeholder={t("places.outlets")}
          value={search.outlet}
          allowClear
          popupMatchSelectWidth={false}
          options={[
            ...known.items.map((one) => ({ value: one.id, label: one.name })),
            { value: MAIL, label: t("outlets.mail") },
          ]}
          onChange={(outlet: string | undefined) => onSearch({ outlet })}
        />
        {dead.length > 1 ? (
          <Button icon={<RotateCw size={14} />} loading={resend.isPending} onClick={() => again(dead)}>
            {t("outlets.resendAll", { count: dead.length })}
          </Button>
        ) : null}
      </Bar>
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines /> : null}
      {data && found.length === 0 ? (
        <Empty icon={<Inbox size={22} />} title={t("outlets.nothing")} hint={t("outlets.nothingHint")} />
      ) : null}
      {found.length > 0 ? (
        <List ordered>
          {found.map((one) => (
            <Item key={one.id} delivery={one} onResend={() => again([one.id])} />
          ))}
        </List>
      ) : null}
      {hasNextPage ? (
        <Button block type="text" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("bell.older")}
        </Button>
      ) : null}
    </>
  );
}

/** What was given up, unless its outlet was removed. */
function canResend({ state, outlet }: Delivery): boolean {
  return state === "dead" && (outlet === null || outlet.label !== null);
}

function Item({ delivery, onResend }: { delivery: Delivery; onResend: () => void }) {
  const { t } = useTranslation();
  const say = useLabel();
  const Icon = ICONS[delivery.state];
  const { object, record } = delivery;
  const words = (
    <>
      {delivery.urgent ? <Siren size={14} className={styles.urgent} aria-label={t("bell.urgent")} /> : null}
      {say(delivery.message)}
      {delivery.count > 1 ? <small> {t("outlets.times", { count: delivery.count })}</small> : null}
    </>
  );
  return (
    <li className={styles.delivery}>
      <span className={cx(styles.state, styles[delivery.state])}>
        <Icon size={14} aria-hidden />
        {t(`outlets.state.${delivery.state}`)}
      </span>
      <div className={styles.body}>
        {object && record ? (
          <RecordLink object={object} id={record} className={styles.words}>{words}</RecordLink>
        ) : (
          <span className={styles.words}>{words}</span>
        )}
        <p className={styles.facts}>
          <span>{delivery.outlet ? (delivery.outlet.label ?? t("outlets.gone")) : t("outlets.mail")}</span>
          {delivery.label ? <span>{say(delivery.label)}</span> : null}
          {delivery.people.length > 0 ? <span className="cut">{delivery.people.join(t("filter.comma"))}</span> : null}
          {delivery.attempts > 1 ? <span>{t("outlets.attempts", { count: delivery.attempts })}</span> : null}
        </p>
        {delivery.state !== "sent" && delivery.answer ? <p className={styles.bad}>{delivery.answer}</p> : null}
      </div>
      <span className={styles.when}>
        <Time value={delivery.sent_at ?? delivery.at} />
      </span>
      {canResend(delivery) ? (
        <Button size="small" icon={<RotateCw size={13} />} onClick={onResend}>
          {t("outlets.resend")}
        </Button>
      ) : null}
    </li>
  );
}
