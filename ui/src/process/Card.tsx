import { type ReactNode, useId } from "react";

import { cx } from "@/design/cx";

import styles from "./process.module.css";

interface Props {
  title: string;
  note?: string;
  tools?: ReactNode;
  flat?: boolean;
  children: ReactNode;
}

/** A part of the report under its heading. */
export function Card({ title, note, tools, flat, children }: Props) {
  const id = useId();
  return (
    <section className={cx(styles.card, flat && styles.flat)} aria-labelledby={id}>
      <header className={styles.head}>
        <div>
          <h2 id={id}>{title}</h2>
          {note ? <p className={styles.note}>{note}</p> : null}
        </div>
        {tools}
      </header>
      {children}
    </section>
  );
}
