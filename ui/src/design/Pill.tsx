import type { ReactNode } from "react";

import { hueOf } from "@/app/theme/tokens";

import { cx } from "./cx";
import styles from "./Pill.module.css";

interface Props {
  color?: string;
  children: ReactNode;
  icon?: ReactNode;
  quiet?: boolean;
}

/** A short coloured label with a dot (or an icon), for options, stages and states. */
export function Pill({ color, children, icon, quiet }: Props) {
  const hue = hueOf(color);
  return (
    <span
      className={cx(styles.pill, quiet && styles.quiet)}
      style={quiet ? undefined : { color: `var(--${hue}-ink)`, background: `var(--${hue}-soft)` }}
    >
      {icon ?? <Dot color={color} />}
      <span className="cut">{children}</span>
    </span>
  );
}

export function Dot({ color }: { color?: string }) {
  return <span className={styles.dot} style={{ background: `var(--${hueOf(color)}-dot)` }} aria-hidden />;
}
