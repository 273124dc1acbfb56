import { Paperclip } from "lucide-react";

import { useTranslation } from "@/app/translation";

import type { CellProps } from "../kinds";
import styles from "../fields.module.css";

/** Files of a field; each opens as a download. */
export function FileCell({ value }: CellProps) {
  const { t } = useTranslation();
  const ids = (Array.isArray(value) ? value : [value]).map((item) => String((item as { id?: string })?.id ?? item));
  return (
    <span className={styles.pills}>
      {ids.map((id, index) => (
        <a key={id} className={styles.link} href={`/api/files/${id}`} onClick={(event) => event.stopPropagation()}>
          <Paperclip size={13} aria-hidden /> {t("field.fileNumber", { number: index + 1 })}
        </a>
      ))}
    </span>
  );
}
