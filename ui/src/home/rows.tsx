import type { PanelDefinition } from "@/api/home";
import type { Field, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { RecordLink } from "@/design/RecordLink";
import { Cell } from "@/fields/Cell";
import { isEmptyValue, isNumeric } from "@/fields/kinds";
import { titleOf } from "@/records/summary";

import type { ListAnswer } from "./answer";
import { BlockerLine } from "./BlockerLine";
import styles from "./rows.module.css";
import { TickBox } from "./TickBox";

interface Props {
  panel: PanelDefinition;
  object: ObjectDefinition;
  /** Those beside the title. */
  fields: Field[];
  answer: ListAnswer;
  /** The boolean field that can be ticked; empty where none can. */
  tick: string;
}

/** Records as a table: there is room for every column that says something. */
export function RowTable({ object, fields: all, answer, tick }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const fields = all.filter((field) => answer.items.some((row) => !isEmptyValue(row[field.name])));
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {tick ? (
            <th scope="col" className={styles.tick}>
              <span className="sr-only">{t("home.tick")}</span>
            </th>
          ) : null}
          <th scope="col">{say(fieldOf(object, object.title)?.label)}</th>
          {fields.map((field) => (
            <th key={field.name} scope="col" className={cx(styles.cell, isNumeric(field) && styles.number)}>
              {say(field.label)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answer.items.map((row) => (
          <tr key={row.id} className={styles.row}>
            {tick ? (
              <td className={styles.tick}>
                <TickBox object={object} field={tick} row={row} />
              </td>
            ) : null}
            <th scope="row" className={styles.title}>
              <Title object={object} row={row} />
              <BlockerLine object={object} blockers={answer.blockers?.[row.id]} />
            </th>
            {fields.map((field) => (
              <td
                key={field.name}
                className={cx(styles.cell, isNumeric(field) && styles.number, styles[field.stored_type])}
              >
                <Cell object={object} field={field} value={row[field.name]} row={row} dense />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Records in two lines each: the title with the first figure, and what else is known. */
export function RowStack({ object, fields, answer, tick }: Props) {
  const say = useLabel();
  const figure = fields.find((field) => field.stored_type === "money");
  return (
    <ul>
      {answer.items.map((row) => (
        <li key={row.id} className={styles.stack}>
          {tick ? <TickBox object={object} field={tick} row={row} /> : null}
          <div className={styles.lines}>
            <p className={styles.first}>
              <Title object={object} row={row} />
              {figure && !isEmptyValue(row[figure.name]) ? (
                <span className={styles.figure}>
                  <span className="sr-only">{say(figure.label)}</span>
                  <Cell object={object} field={figure} value={row[figure.name]} row={row} dense />
                </span>
              ) : null}
            </p>
            <BlockerLine object={object} blockers={answer.blockers?.[row.id]} />
            <ul className={styles.facts}>
              {fields
                .filter((field) => field !== figure && !isEmptyValue(row[field.name]))
                .map((field) => (
                  <li key={field.name} className={styles.fact} title={say(field.label)}>
                    <span className={saysNothingAlone(field) ? undefined : "sr-only"}>{say(field.label)}</span>
                    <Cell object={object} field={field} value={row[field.name]} row={row} dense />
                  </li>
                ))}
            </ul>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** A figure, or the time of something that happened, which only its label explains. */
function saysNothingAlone(field: Field): boolean {
  return isNumeric(field) || field.stored_type === "datetime";
}

function Title({ object, row }: { object: ObjectDefinition; row: Row }) {
  return (
    <RecordLink object={object.name} id={row.id} className={styles.link}>
      {titleOf(object, row)}
    </RecordLink>
  );
}
