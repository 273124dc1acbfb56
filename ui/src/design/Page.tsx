import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

import { PageTitle } from "@/app/shell/slot";

import styles from "./Page.module.css";

/** How wide the column of a page is: for reading, for lists, for cards, for tables and figures. */
type Width = "narrow" | "medium" | "wide" | "full";

interface Props {
  icon: LucideIcon;
  title: string;
  width?: Width;
  /** What stays above the column while it is scrolled, over the whole width. */
  bar?: ReactNode;
  children: ReactNode;
}

/** A page: its title in the top bar, and below it a column that is scrolled. */
export function Page({ icon: Icon, title, width = "wide", bar, children }: Props) {
  return (
    <>
      <PageTitle text={title}>
        <Icon size={16} strokeWidth={1.7} aria-hidden />
        <h1 className="cut">{title}</h1>
      </PageTitle>
      {bar}
      <Column label={title} width={width}>
        {children}
      </Column>
    </>
  );
}

/** What a page shows, one below the other; the keyboard scrolls it too. */
export function Column({ label, width = "wide", children }: { label: string; width?: Width; children: ReactNode }) {
  return (
    <div className={styles.page} data-width={width} role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

interface LeadProps {
  title?: string;
  note?: ReactNode;
  /** The page's tools. */
  children?: ReactNode;
}

/** The head of a column: what it is about, and its tools at the end. */
export function Lead({ title, note, children }: LeadProps) {
  return (
    <header className={styles.lead}>
      <div>
        {title ? <h2>{title}</h2> : null}
        {note ? <p>{note}</p> : null}
      </div>
      {children}
    </header>
  );
}
