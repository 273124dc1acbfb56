import { createContext, useContext } from "react";

import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";

import type { Figure } from "./answer";
import styles from "./process.module.css";

/** A figure with the words it is called by. */
export interface Opened {
  figure: Figure;
  title: string;
}

export const OpenFigure = createContext<(opened: Opened) => void>(() => undefined);

interface Props extends Opened {
  value: number;
  children: string;
  tone?: "bad" | "warn";
}

/** A figure that opens the records it counts; nothing is nothing to open. */
export function Open({ figure, title, value, children, tone }: Props) {
  const { t } = useTranslation();
  const open = useContext(OpenFigure);
  if (value === 0) return <span className={styles.zero}>{children}</span>;
  return (
    <button
      type="button"
      className={cx(styles.open, tone && styles[tone])}
      aria-label={t("process.openFigure", { title, figure: children })}
      onClick={() => open({ figure, title })}
    >
      {children}
    </button>
  );
}
