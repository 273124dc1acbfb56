import { useNavigate } from "@tanstack/react-router";

import { useTranslation } from "@/app/translation";
import { quote } from "@/filters/codec";

import styles from "./process.module.css";
import type { ProcessSearch } from "./search";

interface Props {
  field: string;
  id: string;
  label: string;
}

/** A team or a rep; a click narrows the whole report to their records. */
export function FilterBy({ field, id, label }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/process/$pipeline" });
  if (!id) return <span className="cut">{label}</span>;
  const narrow = (now: ProcessSearch): ProcessSearch => {
    const own = `${field} == ${quote(id)}`;
    return { ...now, filter: now.filter ? `(${now.filter}) and ${own}` : own, step: undefined };
  };
  return (
    <button
      type="button"
      className={styles.open}
      aria-label={t("process.narrow", { name: label })}
      onClick={() => void navigate({ search: narrow })}
    >
      <span className="cut">{label}</span>
    </button>
  );
}
