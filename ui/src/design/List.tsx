import type { ReactNode } from "react";

import styles from "./List.module.css";

/** A list in a frame, its items set apart by lines; `ordered` where their order says something. */
export function List({ ordered, children }: { ordered?: boolean; children: ReactNode }) {
  const Tag = ordered ? "ol" : "ul";
  return <Tag className={styles.list}>{children}</Tag>;
}
