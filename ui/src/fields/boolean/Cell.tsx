import { Check, Minus } from "lucide-react";

import { useTranslation } from "@/app/translation";

import type { CellProps } from "../kinds";
import styles from "../fields.module.css";

export function BooleanCell({ value }: CellProps) {
  const { t } = useTranslation();
  const Icon = value ? Check : Minus;
  return (
    <span className={value ? styles.yes : styles.no}>
      <Icon size={14} aria-hidden />
      {value ? t("field.yes") : t("field.no")}
    </span>
  );
}
