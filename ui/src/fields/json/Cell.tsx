import type { CellProps } from "../kinds";
import styles from "../fields.module.css";

export function JsonCell({ value, dense }: CellProps) {
  if (dense) return <code className="cut">{JSON.stringify(value)}</code>;
  return <pre className={styles.json}>{JSON.stringify(value, null, 2)}</pre>;
}
