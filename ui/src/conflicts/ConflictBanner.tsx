import { useQuery } from "@tanstack/react-query";

import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";

import { ConflictCard } from "./ConflictCard";
import { ofRecordQuery } from "./conflicts";
import styles from "./conflicts.module.css";
import { Settling } from "./Settling";

/** The open conflicts of a record, on its page. Nothing where there are none. */
export function ConflictBanner({ object, row }: { object: ObjectDefinition; row: Row }) {
  const { t } = useTranslation();
  const { data } = useQuery(ofRecordQuery(object.name, row.id));
  if (!data?.items.length) return null;
  return (
    <section className={styles.banner} aria-label={t("places.conflicts")}>
      {data.items.map((conflict) => (
        <ConflictCard key={conflict.id} conflict={conflict} named={false}>
          <Settling conflict={conflict} />
        </ConflictCard>
      ))}
    </section>
  );
}
