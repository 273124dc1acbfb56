import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Sigma } from "lucide-react";
import { useState } from "react";

import type { ListQuery } from "@/api/records";
import type { Field, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";
import { isNumeric } from "@/fields/kinds";
import { sumOfRows } from "@/format/amounts";
import { formatNumber, toNumber } from "@/format/number";

import type { Rows } from "../../query";
import { sumsQuery } from "../../sums";
import { Figure } from "./Figure";
import styles from "./grid.module.css";
import { addedUp, countOf, figureOfColumn, type Group, measuresOf, ownCurrency, type Sums, sumsOf } from "./groups";
import { MAX_GROUPS } from "./useGroupedRows";

interface Props {
  object: ObjectDefinition;
  fields: Field[];
  result: Rows;
  query: ListQuery;
  /** The groups, whose figures add up, where the list has them. */
  groups: readonly Group[] | null;
  filled: boolean;
}

/**
 * How many records there are, and figures under the columns, over all that the filter finds.
 *
 * Where all of them are loaded the page works it out; else the server is asked, once somebody wants to know.
 */
export function Foot({ object, fields, result, query, groups, filled }: Props) {
  const { t, i18n } = useTranslation();
  const store = `chengdan.sums.${object.name}`;
  const [wanted, setWanted] = useState(() => sessionStorage.getItem(store) === "yes");
  const request = {
    group_by: [],
    measures: measuresOf(fields),
    filter: query.filter,
    q: query.q,
    archived: query.archived,
  };
  const whole = groups ? groups.length < MAX_GROUPS : !result.more && !result.stale;
  const asked = useQuery({
    ...sumsQuery(object.name, request),
    enabled: wanted && !whole,
  });
  const answer = asked.data?.rows[0];
  const count = !whole ? (answer ? toNumber(answer.count) : null) : groups ? countOf(groups) : result.rows.length;
  const figures = !whole
    ? answer
      ? sumsOf(answer, fields)
      : {}
    : groups
      ? addedUp(groups, fields)
      : figuresOf(result.rows, fields);
  return (
    <tr className={styles.foot}>
      <td className={styles.tickCell} />
      <th scope="row" className={styles.titleCell}>
        {count !== null ? (
          <span className="num">{t("list.count", { count, shown: formatNumber(count, i18n.language) })}</span>
        ) : (
          <span className={styles.footText}>
            {t("list.loaded", { shown: formatNumber(result.rows.length, i18n.language) })}
            <Button
              type="text"
              size="small"
              icon={<Sigma size={13} />}
              loading={asked.isFetching}
              onClick={() => {
                sessionStorage.setItem(store, "yes");
                setWanted(true);
              }}
            >
              {t("list.workOut")}
            </Button>
          </span>
        )}
      </th>
      {fields.map((field) => (
        <td key={field.name} className={cx(isNumeric(field) && styles.right)}>
          <Figure field={field} value={figures[field.name]} />
        </td>
      ))}
      {filled ? <td /> : null}
    </tr>
  );
}

/** Sums and means over rows that are all there. */
export function figuresOf(rows: readonly Row[], fields: readonly Field[]): Sums {
  const found: Sums = {};
  for (const field of fields) {
    const kind = figureOfColumn(field);
    if (!kind) continue;
    if (field.stored_type === "money" && kind === "sum") {
      found[field.name] = sumOfRows(rows, field.name, ownCurrency(field));
      continue;
    }
    const values = rows.map((row) => toNumber(row[field.name])).filter((value) => value !== null);
    const sum = values.reduce((total, value) => total + value, 0);
    found[field.name] = kind === "sum" ? sum : values.length > 0 ? sum / values.length : null;
  }
  return found;
}
