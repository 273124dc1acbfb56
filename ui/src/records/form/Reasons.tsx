import { CircleAlert } from "lucide-react";

import type { Reason } from "@/api/types";

import styles from "./form.module.css";

/** Why something was refused: each reason with the way out. */
export function Reasons({ reasons, title }: { reasons: Reason[]; title: string }) {
  if (reasons.length === 0) return null;
  return (
    <div className={styles.reasons} role="alert">
      <p className={styles.reasonsTitle}>
        <CircleAlert size={15} aria-hidden />
        {title}
      </p>
      <ul>
        {reasons.map((reason, index) => (
          <li key={`${reason.code}-${index}`}>
            <span>{reason.message}</span>
            {reason.hint ? <span className={styles.reasonHint}>{reason.hint}</span> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
