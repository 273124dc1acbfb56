import { useCallback, useRef, useState } from "react";

import type { ListQuery } from "@/api/records";
import type { Field, ObjectDefinition } from "@/api/types";
import { may } from "@/catalog/catalog";
import { Bone } from "@/design/Bones";

import type { Dated } from "../dates/moments";
import styles from "./agenda.module.css";
import { AgendaSection } from "./AgendaSection";
import { QuickAdd } from "./QuickAdd";
import { type SectionName, SECTIONS } from "./sections";
import { useAgendaKeys } from "./useAgendaKeys";

interface Props {
  object: ObjectDefinition;
  dated: Dated;
  fields: Field[];
  query: ListQuery;
}

/** What is to be done, by how far off it is; ticked off in one click, added in one line. All stretches show at once. */
export function MetaAgenda({ object, dated, fields, query }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [known, setKnown] = useState<ReadonlySet<SectionName>>(new Set());
  const onKnown = useCallback((section: SectionName) => setKnown((now) => new Set([...now, section])), []);
  const ready = SECTIONS.every((section) => known.has(section));
  useAgendaKeys(place);
  return (
    <div ref={place} className={styles.agenda}>
      <div className={styles.column}>
        {may(object, "create") ? <QuickAdd dated={dated} /> : null}
        {ready ? null : <BoneItems />}
        <div hidden={!ready}>
          {SECTIONS.map((section) => (
            <AgendaSection
              key={section}
              section={section}
              dated={dated}
              fields={fields}
              query={query}
              onKnown={onKnown}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function BoneItems() {
  return (
    <div className={styles.bones} aria-hidden>
      {[64, 48, 56].map((width) => (
        <Bone key={width} width={`${width}%`} height={14} />
      ))}
    </div>
  );
}
