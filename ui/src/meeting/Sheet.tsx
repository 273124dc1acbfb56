import type { PanelDefinition } from "@/api/home";
import type { ObjectDefinition, Row } from "@/api/types";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { RecordLink } from "@/design/RecordLink";
import { Cell } from "@/fields/Cell";
import { isNumeric } from "@/fields/kinds";
import type { Blockers } from "@/home/answer";
import { BlockerLine } from "@/home/BlockerLine";
import { titleOf } from "@/records/summary";

import styles from "./meeting.module.css";

interface Props {
  panel: PanelDefinition;
  object: ObjectDefinition;
  rows: Row[];
  blockers: Record<string, Blockers>;
}

/** The records of one group, each with what it lacks for its next stage. */
export function Sheet({ panel, object, rows, blockers }: Props) {
  const say = useLabel();
  const names = [...(panel.columns ?? []), ...(panel.details ?? [])];
  const fields = [...new Set(names)]
    .filter((name) => name !== object.title && !panel.sections?.includes(name))
    .flatMap((name) => fieldOf(object, name) ?? []);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{say(fieldOf(object, object.title)?.label)}</th>
          {fields.map((field) => (
            <th key={field.name} scope="col" className={isNumeric(field) ? styles.number : undefined}>
              {say(field.label)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row" className={styles.title}>
              <RecordLink object={object.name} id={row.id}>{titleOf(object, row)}</RecordLink>
              <BlockerLine object={object} blockers={blockers[row.id]} />
            </th>
            {fields.map((field) => (
              <td key={field.name} data-label={say(field.label)} className={cx(isNumeric(field) && styles.number)}>
                <Cell object={object} field={field} value={row[field.name]} row={row} dense />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
