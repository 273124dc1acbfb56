import type { ReactNode } from "react";

import styles from "./Empty.module.css";

interface Props {
  icon: ReactNode;
  title: string;
  hint?: string;
  children?: ReactNode;
}

/** What stands where nothing is yet, and the next step out of it. */
export function Empty({ icon, title, hint, children }: Props) {
  return (
    <div className={styles.empty} role="status">
      <div className={styles.icon} aria-hidden>
        {icon}
      </div>
      <p className={styles.title}>{title}</p>
      {hint ? <p className={styles.hint}>{hint}</p> : null}
      {children ? <div className={styles.actions}>{children}</div> : null}
    </div>
  );
}
