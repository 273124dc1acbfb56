import { Flag } from "lucide-react";
import { memo, type ReactNode } from "react";

import type { Field, ObjectDefinition, Row } from "@/api/types";
import { figureOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Pill } from "@/design/Pill";
import { RecordLink } from "@/design/RecordLink";
import { Cell } from "@/fields/Cell";
import { isEmptyValue } from "@/fields/kinds";

import styles from "./RecordCard.module.css";
import { titleOf, useStateField } from "./summary";

const FACTS = 3;

interface Props {
  object: ObjectDefinition;
  fields: Field[];
  row: Row;
  onOpen?: (row: Row) => void;
  /** The field whose value is already said by where the card lies. */
  without?: string;
  /** What the place where the card lies has to say about it. */
  mark?: ReactNode;
}

/** A record in a few lines: title, state, figure, and the first facts of the view's columns. */
export const RecordCard = memo(function RecordCard({ object, fields, row, without, mark }: Props) {
  const say = useLabel();
  const state = useStateField(object);
  const figure = figureOf(object);
  const shownState = state && state.name !== without && !isEmptyValue(row[state.name]) ? state : null;
  const shownFigure = figure && !isEmptyValue(row[figure.name]) ? figure : null;
  const owner = fields.find((field) => field.name === "owner" && !isEmptyValue(row.owner));
  const telling = fields.filter(
    (field) =>
      ![state?.name, figure?.name, without, "owner"].includes(field.name) &&
      field.type !== "auto_number" &&
      !isEmptyValue(row[field.name]),
  );
  const subtitle = telling.find((field) => field.stored_type === "reference");
  const flags = telling.filter((field) => field.stored_type === "boolean" && row[field.name] === true);
  const facts = telling.filter((field) => field !== subtitle && field.stored_type !== "boolean").slice(0, FACTS);
  return (
    <article className={styles.card}>
      <header className={styles.head}>
        <RecordLink object={object.name} id={row.id} className={styles.title} draggable={false}>
          {titleOf(object, row)}
        </RecordLink>
        {shownState ? <Cell object={object} field={shownState} value={row[shownState.name]} row={row} dense /> : null}
      </header>
      {subtitle || shownFigure ? (
        <div className={styles.second}>
          {subtitle ? (
            <p className={styles.subtitle}>
              <span className="sr-only">{say(subtitle.label)}</span>
              <Cell object={object} field={subtitle} value={row[subtitle.name]} row={row} dense />
            </p>
          ) : null}
          {shownFigure ? (
            <span className={styles.figure}>
              <Cell object={object} field={shownFigure} value={row[shownFigure.name]} row={row} dense />
            </span>
          ) : null}
        </div>
      ) : null}
      {facts.length + flags.length > 0 || mark || owner ? (
        <div className={styles.below}>
          <div className={styles.told}>
            {facts.length > 0 ? (
              <dl className={styles.facts}>
                {facts.map((field) => (
                  <div key={field.name} className={styles.fact}>
                    <dt>{say(field.label)}</dt>
                    <dd>
                      <Cell object={object} field={field} value={row[field.name]} row={row} dense />
                    </dd>
                  </div>
                ))}
              </dl>
            ) : null}
            {flags.length > 0 ? (
              <p className={styles.flags}>
                {flags.map((field) => (
                  <Pill key={field.name} color="amber" icon={<Flag size={11} aria-hidden />}>
                    {say(field.label)}
                  </Pill>
                ))}
              </p>
            ) : null}
            {mark}
          </div>
          {owner ? (
            <span className={styles.owner}>
              <Cell object={object} field={owner} value={row.owner} row={row} dense />
            </span>
          ) : null}
        </div>
      ) : null}
    </article>
  );
});
