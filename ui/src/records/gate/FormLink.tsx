import { FileDown } from "lucide-react";

import { formAddress } from "@/api/records";
import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";

import type { Demand } from "./deliverable";
import styles from "./gate.module.css";

/** The form of a deliverable, filled in from the record, to download. */
export function FormLink({ object, row, demand }: { object: ObjectDefinition; row: Row; demand: Demand }) {
  const { t } = useTranslation();
  if (!demand.template || !demand.form) return null;
  return (
    <a className={styles.form} href={formAddress(object.name, row.id, demand.template, demand.name)} download>
      <FileDown size={14} aria-hidden />
      {t("sign.form", { name: demand.form })}
    </a>
  );
}
