import type { CellProps } from "../kinds";
import styles from "../fields.module.css";

export function TextCell({ field, value, dense }: CellProps) {
  const text = String(value);
  if (dense || field.stored_type !== "long_text") {
    return (
      <span className={dense ? "cut" : styles.wrap} title={dense ? text : undefined}>
        {text}
      </span>
    );
  }
  return <span className={styles.paragraphs}>{text}</span>;
}
