import type { Field, ObjectDefinition, Row } from "@/api/types";
import { Bone } from "@/design/Bones";

import type { Rows } from "../query";
import { RecordCard } from "../RecordCard";
import styles from "./list.module.css";
import { GroupHead } from "./grid/GroupRow";
import { plainLines } from "./grid/lines";
import type { Grouping } from "./grid/useGroupedRows";
import { Sentinel } from "./Sentinel";

interface Props {
  object: ObjectDefinition;
  fields: Field[];
  result: Rows;
  by?: Field | null;
  grouping?: Grouping | null;
  onOpen: (row: Row) => void;
}

/** A list on a phone: one card per record. */
export function Cards({ object, fields, result, by, grouping, onOpen }: Props) {
  const lines = grouping?.lines ?? plainLines(result.rows);
  return (
    <div className={styles.cards}>
      {result.loading
        ? Array.from({ length: 6 }, (_, index) => (
            <div key={index} className={styles.boneCard} aria-hidden>
              <Bone width="62%" height={16} />
              <Bone width="84%" />
              <Bone width="40%" />
            </div>
          ))
        : lines.map((line) =>
            line.kind === "row" ? (
              <RecordCard
                key={line.row.id}
                object={object}
                fields={fields}
                row={line.row}
                without={by?.name}
                onOpen={onOpen}
              />
            ) : by && grouping ? (
              <GroupHead
                key={`group-${line.group.key}`}
                object={object}
                by={by}
                group={line.group}
                folded={line.folded}
                rows={result.rows}
                onToggle={grouping.toggle}
              />
            ) : null,
          )}
      <Sentinel result={result} />
    </div>
  );
}
