import { TriangleAlert } from "lucide-react";

import type { Row } from "@/api/types";
import { useTranslation } from "@/app/translation";

import { ageOf } from "./dwell";
import styles from "./board.module.css";
import type { Column } from "./columns";

/** The mark of a card that has been in its stage for longer than the stage should take: how long, in words. */
export function Age({ row, column }: { row: Row; column: Column | undefined }) {
  const { t } = useTranslation();
  const age = column?.days ? ageOf(row.stage_since, column.days) : null;
  if (!age || age.over === 0) return null;
  return (
    <span className={styles.late}>
      <TriangleAlert size={12} aria-hidden />
      {t("board.ageOver", { age: t("board.age", { count: age.days }), count: age.over })}
    </span>
  );
}
