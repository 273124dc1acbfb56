import { TriangleAlert } from "lucide-react";

import { useTranslation } from "@/app/translation";

import styles from "./tabs.module.css";
import type { ListView } from "./views";

/** What in a saved view can't be used any more, and that saving it again mends it. */
export function Outdated({ view }: { view: ListView }) {
  const { t } = useTranslation();
  const problems = view.saved?.problems ?? [];
  if (problems.length === 0) return null;
  const texts = new Set(problems.map((problem) => [problem.message, problem.hint].filter(Boolean).join(" ")));
  return (
    <div className={styles.outdated} role="status">
      <TriangleAlert size={15} aria-hidden />
      <div>
        <strong>{t("views.outdated")}</strong>
        <ul>
          {[...texts].map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        {view.saved?.editable ? <p>{t("views.outdatedHint")}</p> : null}
      </div>
    </div>
  );
}
