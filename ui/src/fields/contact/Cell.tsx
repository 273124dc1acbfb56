import type { CellProps } from "../kinds";
import styles from "../fields.module.css";

/** A phone number, an e-mail address or a web address that can be pressed. */
export function ContactCell({ field, value }: CellProps) {
  const text = String(value);
  const href = hrefOf(field.stored_type, text);
  if (!href) return <span className="cut">{text}</span>;
  const outside = field.stored_type === "url";
  return (
    <a
      className={styles.link}
      href={href}
      target={outside ? "_blank" : undefined}
      rel={outside ? "noreferrer" : undefined}
      title={text}
      onClick={(event) => event.stopPropagation()}
    >
      {outside ? text.replace(/^https?:\/\//, "").replace(/\/$/, "") : text}
    </a>
  );
}

function hrefOf(type: string, text: string): string | null {
  if (type === "phone") return `tel:${text.replace(/[^\d+]/g, "")}`;
  if (type === "email") return `mailto:${text}`;
  return /^https?:\/\//.test(text) ? text : null;
}
