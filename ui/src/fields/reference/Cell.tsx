import { EyeOff } from "lucide-react";

import type { Ref } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { may, targetOf, useCatalog } from "@/catalog/catalog";
import { Person } from "@/design/Avatar";
import { RecordLink } from "@/design/RecordLink";

import type { CellProps } from "../kinds";
import styles from "../fields.module.css";
import { refsOf } from "./refs";

export function ReferenceCell({ field, value, dense }: CellProps) {
  const refs = refsOf(value);
  return (
    <span className={dense ? styles.lineOfPills : styles.pills}>
      {refs.map((ref) => (
        <Reference key={ref.id} item={ref} target={targetOf(field)} person={field.stored_type === "user"} />
      ))}
    </span>
  );
}

function Reference({ item, target, person }: { item: Ref; target: string; person: boolean }) {
  const { t } = useTranslation();
  const readable = may(useCatalog().objects[target], "read");
  if (!item.label) {
    return (
      <span className={styles.no}>
        <EyeOff size={13} aria-hidden />
        {t("field.hidden")}
      </span>
    );
  }
  if (person) return <Person name={item.label} />;
  if (!readable) return <span className="cut">{item.label}</span>;
  return (
    <RecordLink
      object={target}
      id={item.id}
      className={styles.link}
      title={item.label}
      onClick={(event) => event.stopPropagation()}
    >
      {item.label}
    </RecordLink>
  );
}
