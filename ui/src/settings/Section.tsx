import type { ReactNode } from "react";

import styles from "./own.module.css";

interface Props {
  id: string;
  title: string;
  hint?: string;
  children: ReactNode;
}

/** One subject of the settings. */
export function Section({ id, title, hint, children }: Props) {
  return (
    <section id={id} className={styles.section} aria-labelledby={`${id}-title`}>
      <header className={styles.head}>
        <h2 id={`${id}-title`}>{title}</h2>
        {hint ? <p>{hint}</p> : null}
      </header>
      <div className={styles.body}>{children}</div>
    </section>
  );
}

/** A setting: what it is about on the left, the choice on the right. */
export function Line({ label, hint, children }: { label: ReactNode; hint?: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.line}>
      <div className={styles.label}>
        <p>{label}</p>
        {hint ? <p className={styles.hint}>{hint}</p> : null}
      </div>
      <div className={styles.choice}>{children}</div>
    </div>
  );
}
