import { useEffect } from "react";
import { createPortal } from "react-dom";

import type { PanelDefinition } from "@/api/home";
import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { Cell } from "@/fields/Cell";
import { isNumeric } from "@/fields/kinds";
import { readWall } from "@/format/today";
import { titleOf } from "@/records/summary";

import type { HomeAnswer, ListAnswer } from "./answer";
import { BlockerLine } from "./BlockerLine";
import { shownFields } from "./columns";
import styles from "./print.module.css";

interface Props {
  panel: PanelDefinition;
  object: ObjectDefinition;
  answer: HomeAnswer;
  onDone: () => void;
}

/** A list as it goes to the printer: its name, the day, the team, the person, and every record with what it lacks. */
export function PrintSheet({ panel, object, answer, onDone }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const { items, blockers } = answer.panels[panel.name] as ListAnswer;
  const fields = shownFields(panel, object, answer.whose);
  useEffect(() => {
    document.documentElement.dataset.printing = "sheet";
    const done = () => onDone();
    window.addEventListener("afterprint", done);
    const timer = setTimeout(() => window.print(), 50);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("afterprint", done);
      delete document.documentElement.dataset.printing;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- prints once
  }, []);
  return createPortal(
    <article className={cx(styles.sheet, "print-sheet")} aria-hidden>
      <header className={styles.head}>
        <h1>{say(panel.label)}</h1>
        <p>
          {[readWall(answer.at).format(t("home.longDate")), answer.team, answer.person].filter(Boolean).join(" · ")}
        </p>
        <p className={styles.count}>{t("home.records", { count: items.length })}</p>
      </header>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>#</th>
            <th>{say(fieldOf(object, object.title)?.label)}</th>
            {fields.map((field) => (
              <th key={field.name} className={isNumeric(field) ? styles.number : undefined}>
                {say(field.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((row, index) => (
            <tr key={row.id}>
              <td className={styles.index}>{index + 1}</td>
              <td className={styles.title}>
                {titleOf(object, row)}
                <BlockerLine object={object} blockers={blockers?.[row.id]} />
              </td>
              {fields.map((field) => (
                <td key={field.name} className={isNumeric(field) ? styles.number : undefined}>
                  <Cell object={object} field={field} value={row[field.name]} row={row} dense />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </article>,
    document.body,
  );
}
