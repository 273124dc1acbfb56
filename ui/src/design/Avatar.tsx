import { hueFor, initialsOf } from "@/format/initials";

import styles from "./Avatar.module.css";

interface Props {
  name: string;
  size?: number;
}

/** A person's initials on a hue of their own. Decorative, and no text of the page: the name stands beside it or in a label. */
export function Avatar({ name, size = 20 }: Props) {
  const hue = hueFor(name);
  return (
    <span
      className={styles.avatar}
      aria-hidden
      title={name}
      data-initials={size < 26 ? initialsOf(name).slice(-1) : initialsOf(name)}
      style={{
        width: size,
        height: size,
        fontSize: Math.round(size * (size < 26 ? 0.54 : 0.4)),
        color: `var(--${hue}-ink)`,
        background: `var(--${hue}-soft)`,
      }}
    />
  );
}

/** An avatar with the name. */
export function Person({ name, size }: Props) {
  return (
    <span className={styles.person}>
      <Avatar name={name} size={size} />
      <span className="cut">{name}</span>
    </span>
  );
}
