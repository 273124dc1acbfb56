import { Dropdown } from "antd";
import { CalendarClock, CalendarDays } from "lucide-react";
import { useState } from "react";

import type { Field, Row } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { may } from "@/catalog/catalog";
import { cx } from "@/design/cx";
import { IconButton } from "@/design/IconButton";
import { usePhone } from "@/design/media";
import { RecordLink } from "@/design/RecordLink";
import { Time } from "@/design/Time";
import { Cell } from "@/fields/Cell";
import { isEmptyValue } from "@/fields/kinds";
import { refsOf } from "@/fields/reference/refs";

import { useChange } from "../dates/change";
import { type Dated, isDone } from "../dates/moments";
import { titleOf } from "../summary";
import styles from "./agenda.module.css";
import { laterDays, putOff } from "./later";

const FACTS = 3;
const PHONE_FACTS = 2;

interface Props {
  dated: Dated;
  fields: Field[];
  row: Row;
  late: boolean;
}

/** One thing to do: tick, name, what it is about, when. */
export function AgendaItem({ dated, fields, row, late }: Props) {
  const { t } = useTranslation();
  const { object, start, done } = dated;
  const { user } = useSession();
  const phone = usePhone();
  const change = useChange();
  const [ticked, setTicked] = useState<boolean | null>(null);
  const writable = may(object, "update") && Boolean(done && !done.readonly);
  const checked = ticked ?? isDone(dated, row);
  const title = titleOf(object, row);

  const tick = async () => {
    if (!done) return;
    setTicked(!checked);
    const told = checked ? t("agenda.reopened", { title }) : t("agenda.ticked", { title });
    await change(object, row, { [done.name]: !checked }, told);
    setTicked(null);
  };
  const mine = refsOf(row.owner)[0]?.id === user.id;
  const facts = fields.filter(
    (field) =>
      ![start.name, done?.name].includes(field.name) &&
      !(field.name === "owner" && mine) &&
      field.stored_type !== "boolean" &&
      !isEmptyValue(row[field.name]),
  );
  return (
    <li data-item className={cx(styles.item, checked && styles.ticked)}>
      <button
        type="button"
        role="checkbox"
        aria-checked={checked}
        aria-label={t("agenda.tick", { title })}
        className={styles.tick}
        disabled={!writable}
        onClick={() => void tick()}
      >
        <svg viewBox="0 0 16 16" aria-hidden>
          <path d="M4 8.2l2.7 2.7L12 5.4" />
        </svg>
      </button>
      <div className={styles.what}>
        <RecordLink object={object.name} id={row.id} className={styles.title}>{title}</RecordLink>
        {facts.slice(0, phone ? PHONE_FACTS : FACTS).map((field) => (
          <span key={field.name} className={styles.fact}>
            <Cell object={object} field={field} value={row[field.name]} row={row} dense />
          </span>
        ))}
      </div>
      <div className={cx(styles.when, late && !checked && styles.overdue)}>
        {isEmptyValue(row[start.name]) ? null : <Time value={String(row[start.name])} />}
      </div>
      {writable && !start.readonly && !checked ? <PutOff dated={dated} row={row} title={title} /> : null}
    </li>
  );
}

function PutOff({ dated, row, title }: { dated: Dated; row: Row; title: string }) {
  const { t } = useTranslation();
  const change = useChange();
  const words = { tomorrow: t("agenda.toTomorrow"), monday: t("agenda.toMonday"), week: t("agenda.toWeek") };
  return (
    <Dropdown
      trigger={["click"]}
      placement="bottomRight"
      menu={{
        items: laterDays().map(({ name, day }) => ({
          key: name,
          icon: <CalendarDays size={14} />,
          label: (
            <span className={styles.option}>
              {words[name]}
              <span className="num">{day.format("MM-DD")}</span>
            </span>
          ),
          onClick: () =>
            void change(
              dated.object,
              row,
              { [dated.start.name]: putOff(dated, row, day) },
              t("agenda.moved", { title, day: day.format("MM-DD") }),
            ),
        })),
      }}
    >
      <span className={styles.later}>
        <IconButton size="small" label={t("agenda.putOff")} icon={<CalendarClock size={15} />} />
      </span>
    </Dropdown>
  );
}
