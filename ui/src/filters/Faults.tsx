import { Button } from "antd";

import type { ExpressionFault } from "@/api/views";
import { useTranslation } from "@/app/translation";

import styles from "./filters.module.css";
import { faultyPart, mended } from "./fault";

interface Props {
  text: string;
  faults: readonly ExpressionFault[];
  onMend: (text: string) => void;
}

/** What is wrong with an expression: the text with the place marked, why, and where it can be guessed the repair. */
export function Faults({ text, faults, onMend }: Props) {
  const { t } = useTranslation();
  if (faults.length === 0) return null;
  return (
    <ul className={styles.problem} role="alert">
      {faults.map((fault, index) => {
        const [before, at, after] = faultyPart(text, fault);
        return (
          <li key={index}>
            <code className={styles.excerpt}>
              {before}
              <mark>{at || " "}</mark>
              {after}
            </code>
            <p>
              {fault.message} {fault.hint}
            </p>
            {fault.suggestion && at ? (
              <Button size="small" onClick={() => onMend(mended(text, fault))}>
                {t("filter.mend", { name: fault.suggestion })}
              </Button>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
