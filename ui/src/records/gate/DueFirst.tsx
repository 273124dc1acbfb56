import { useQuery } from "@tanstack/react-query";

import { keys, records } from "@/api/records";
import type { Due } from "@/api/signing";
import type { GateReason, ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { pipelineOf, useCatalog, useObject } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";

import { recordQuery } from "../query";
import { demandOfReason } from "./deliverable";
import { DemandItem } from "./DemandItem";
import styles from "./gate.module.css";

/** What a record must show before something is made under it, with the way to provide it right there. */
export function DueFirst({ due, reasons }: { due: Due; reasons: GateReason[] }) {
  const object = useObject(due.object);
  return object ? <Demands object={object} id={due.id} reasons={reasons} /> : null;
}

function Demands({ object, id, reasons }: { object: ObjectDefinition; id: string; reasons: GateReason[] }) {
  const { t } = useTranslation();
  const say = useLabel();
  const pipeline = pipelineOf(useCatalog(), object);
  const { data: row } = useQuery(recordQuery(object, id));
  const { data: state } = useQuery({
    queryKey: keys.gate(object.name, id),
    queryFn: ({ signal }) => records.gate(object.name, id, signal),
  });
  if (!row) return null;
  const met = new Set(state?.stages.flatMap((stage) => stage.deliverables.filter((one) => one.met).map((one) => one.name)));
  return (
    <section className={styles.due} aria-label={t("sign.dueFirst")}>
      <h3 className={styles.heading}>{t("sign.dueFirst")}</h3>
      <ul className={styles.list}>
        {reasons.map((reason) => (
          <DemandItem
            key={reason.deliverable}
            object={object}
            row={row}
            demand={demandOfReason(reason, pipeline, say, met.has(reason.deliverable))}
            editable
          />
        ))}
      </ul>
    </section>
  );
}
