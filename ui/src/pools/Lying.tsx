import { Button, Checkbox } from "antd";
import type { TFunction } from "i18next";

import type { Field, ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { usePhone } from "@/design/media";
import { Time } from "@/design/Time";
import { Cell } from "@/fields/Cell";
import { isNumeric } from "@/fields/kinds";
import { formatExact } from "@/format/date";

import type { Pool, PooledRow } from "./pools";
import styles from "./pools.module.css";

interface Props {
  pool: Pool;
  object: ObjectDefinition;
  rows: PooledRow[];
  chosen: ReadonlySet<string>;
  busy: boolean;
  onChoose: (ids: string[], on: boolean) => void;
  onClaim: (row: PooledRow) => void;
}

/** What lies in a pool: a table, on a phone cards. */
export function Lying(props: Props) {
  const phone = usePhone();
  const fields = props.pool.fields
    .map((name) => fieldOf(props.object, name))
    .filter((field): field is Field => field !== null);
  return phone ? <LyingCards {...props} fields={fields} /> : <LyingTable {...props} fields={fields} />;
}

function LyingTable({ pool, object, rows, chosen, busy, fields, onChoose, onClaim }: Props & { fields: Field[] }) {
  const { t } = useTranslation();
  const say = useLabel();
  const all = rows.every((row) => chosen.has(row.id));
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={say(pool.label)}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" className={styles.tick}>
              <Checkbox
                aria-label={t("pool.chooseAll")}
                checked={all}
                indeterminate={!all && chosen.size > 0}
                onChange={(event) =>
                  onChoose(
                    rows.map((row) => row.id),
                    event.target.checked,
                  )
                }
              />
            </th>
            {fields.map((field) => (
              <th key={field.name} scope="col" className={isNumeric(field) ? styles.number : undefined}>
                {say(field.label)}
              </th>
            ))}
            <th scope="col">{t("pool.came")}</th>
            <th scope="col">
              <span className="sr-only">{t("pool.claim")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className={styles.tick}>
                <Tick object={object} row={row} chosen={chosen} onChoose={onChoose} />
              </td>
              {fields.map((field) => (
                <td
                  key={field.name}
                  className={cx(field.name === object.title && styles.title, isNumeric(field) && styles.number)}
                >
                  <Value pool={pool} object={object} field={field} row={row} />
                </td>
              ))}
              <td className={styles.came}>
                <Came row={row} />
              </td>
              <td className={styles.deed}>
                <ClaimButton pool={pool} row={row} busy={busy} onClaim={onClaim} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LyingCards({ pool, object, rows, chosen, busy, fields, onChoose, onClaim }: Props & { fields: Field[] }) {
  const say = useLabel();
  const rest = fields.filter((field) => field.name !== object.title);
  return (
    <ul className={styles.cards}>
      {rows.map((row) => (
        <li key={row.id} className={styles.card}>
          <div className={styles.cardHead}>
            <Tick object={object} row={row} chosen={chosen} onChoose={onChoose} />
            <b>{String(row[object.title] ?? "")}</b>
          </div>
          <dl>
            {rest.slice(0, 6).map((field) => (
              <div key={field.name}>
                <dt>{say(field.label)}</dt>
                <dd>
                  <Value pool={pool} object={object} field={field} row={row} />
                </dd>
              </div>
            ))}
          </dl>
          <div className={styles.cardFoot}>
            <Came row={row} />
            <ClaimButton pool={pool} row={row} busy={busy} onClaim={onClaim} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Tick({ object, row, chosen, onChoose }: Pick<Props, "object" | "chosen" | "onChoose"> & { row: PooledRow }) {
  const { t } = useTranslation();
  return (
    <Checkbox
      aria-label={t("pool.choose", { name: String(row[object.title] ?? "") })}
      checked={chosen.has(row.id)}
      onChange={(event) => onChoose([row.id], event.target.checked)}
    />
  );
}

/** A value as those who may claim see it; what is masked is plain text. */
function Value({ pool, object, field, row }: { pool: Pool; object: ObjectDefinition; field: Field; row: PooledRow }) {
  const value = row[field.name];
  if (pool.masked.includes(field.name)) return <span className="num">{value ? String(value) : "—"}</span>;
  return <Cell object={object} field={field} value={value} row={row} dense />;
}

/** Since when and why it lies there. */
function Came({ row }: { row: PooledRow }) {
  const { t } = useTranslation();
  const { since, former, how, note, claimable_at } = row.pool;
  if (!since) return <span className={styles.quiet}>{"—"}</span>;
  const name = former?.label ?? "—";
  return (
    <span className={styles.why}>
      <span>
        <Time value={since} /> {t(`pool.how.${how}`, { name, defaultValue: how })}
      </span>
      {note ? <small title={note}>{note}</small> : null}
      {claimable_at ? <small>{t("pool.cooling", { until: formatExact(claimable_at) })}</small> : null}
    </span>
  );
}

function ClaimButton({ pool, row, busy, onClaim }: Pick<Props, "pool" | "busy" | "onClaim"> & { row: PooledRow }) {
  const { t } = useTranslation();
  if (!pool.can.claim) return null;
  const why = whyNot(pool, row, t);
  return (
    <Button
      size="small"
      disabled={busy || why !== null}
      title={why ?? undefined}
      onClick={() => onClaim(row)}
    >
      {t("pool.claim")}
    </Button>
  );
}

/** Why the viewer may not claim a record now; null: they may. */
function whyNot(pool: Pool, row: PooledRow, t: TFunction): string | null {
  const until = row.pool.claimable_at;
  if (until) return t("pool.cooling", { until: formatExact(until) });
  if (pool.quota !== null && pool.held >= pool.quota) return t("pool.full", { count: pool.quota });
  if (pool.daily !== null && pool.claimed_today >= pool.daily) return t("pool.spent", { count: pool.daily });
  return null;
}
