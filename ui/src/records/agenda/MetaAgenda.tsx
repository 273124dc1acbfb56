import { useRef } from "react";

import type { ListQuery } from "@/api/records";
import type { Field, ObjectDefinition } from "@/api/types";
import { may } from "@/catalog/catalog";

import type { Dated } from "../dates/moments";
import styles from "./agenda.module.css";
import { AgendaSection } from "./AgendaSection";
import { QuickAdd } from "./QuickAdd";
import { SECTIONS } from "./sections";
import { useAgendaKeys } from "./useAgendaKeys";

interface Props {
  object: ObjectDefinition;
  dated: Dated;
  fields: Field[];
  query: ListQuery;
}

/** What is to be done, by how far off it is; ticked off in one click, added in one line. */
export function MetaAgenda({ object, dated, fields, query }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useAgendaKeys(place);
  return (
    <div ref={place} className={styles.agenda}>
      <div className={styles.column}>
        {may(object, "create") ? <QuickAdd dated={dated} /> : null}
        {SECTIONS.map((section) => (
          <AgendaSection key={section} section={section} dated={dated} fields={fields} query={query} />
        ))}
      </div>
    </div>
  );
}
