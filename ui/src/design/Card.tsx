import { type ReactNode, useId } from "react";

import styles from "./Card.module.css";
import { cx } from "./cx";

interface Props {
  title: ReactNode;
  /** How it is called where the title is more than words. */
  label?: string;
  note?: ReactNode;
  tools?: ReactNode;
  /** Without a frame: it is the whole of what is looked at. */
  flat?: boolean;
  heading?: "h2" | "h3" | "h4";
  children: ReactNode;
}

/** A part of a page under its heading. */
export function Card({ title, label, note, tools, flat, heading: Heading = "h2", children }: Props) {
  const id = useId();
  return (
    <section className={cx(styles.card, flat && styles.flat)} aria-label={label} aria-labelledby={label ? undefined : id}>
      <header className={styles.head}>
        <div>
          <Heading id={id}>{title}</Heading>
          {note ? <p className={styles.note}>{note}</p> : null}
        </div>
        {tools ? <div className={styles.tools}>{tools}</div> : null}
      </header>
      {children}
    </section>
  );
}
