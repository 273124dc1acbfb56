import type { ReactNode } from "react";

import styles from "./Bar.module.css";
import { cx } from "./cx";

interface Props {
  /** What the bar narrows down; without it the bar is none that searches. */
  search?: string;
  /** `plain`: without a line below, close to what follows; `bare`: within a column. */
  look?: "plain" | "bare";
  children: ReactNode;
}

/** A line of controls above what they are about; `Gap` pushes what follows to its end. */
export function Bar({ search, look, children }: Props) {
  return (
    <div className={cx(styles.bar, look && styles[look])} role={search ? "search" : undefined} aria-label={search}>
      {children}
    </div>
  );
}

export function Gap() {
  return <span className={styles.gap} />;
}
