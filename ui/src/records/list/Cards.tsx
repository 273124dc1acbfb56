import type { Field, ObjectDefinition, Row } from "@/api/types";
import { Bone } from "@/design/Bones";

import type { Rows } from "../query";
import { RecordCard } from "../RecordCard";
import styles from "./list.module.css";
import { Sentinel } from "./Sentinel";

interface Props {
  object: ObjectDefinition;
  fields: Field[];
  result: Rows;
  onOpen: (row: Row) => void;
}

/** A list on a phone: one card per record. */
export function Cards({ object, fields, result, onOpen }: Props) {
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
        : result.rows.map((row) => (
            <RecordCard key={row.id} object={object} fields={fields} row={row} onOpen={onOpen} />
          ))}
      <Sentinel result={result} />
    </div>
  );
}
