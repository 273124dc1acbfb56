import { COLORS, type Counts } from "@/api/scores";
import { useTranslation } from "@/app/translation";

import styles from "./scores.module.css";

/** Counts by colour as one bar; read out in words. */
export function Bar({ counts }: { counts: Counts }) {
  const { t } = useTranslation();
  const words = COLORS.map((color) => `${t(`scores.color.${color}`)} ${counts[color]}`).join(t("scores.comma"));
  return (
    <span className={styles.bar} role="img" aria-label={words} title={words}>
      {COLORS.map((color) =>
        counts[color] ? <span key={color} style={{ flexGrow: counts[color], background: `var(--${color}-dot)` }} /> : null,
      )}
    </span>
  );
}
