import { RefreshCw } from "lucide-react";

import { useTranslation } from "@/app/translation";

import { useNewerPage } from "../worker";
import styles from "./Shell.module.css";

/** Says that a newer version of the page is ready, and loads it when asked. */
export function NewerPage() {
  const { t } = useTranslation();
  const change = useNewerPage();
  if (!change) return null;
  return (
    <button type="button" className={styles.newer} onClick={change}>
      <RefreshCw size={14} strokeWidth={1.9} aria-hidden />
      <span>{t("shell.newer")}</span>
    </button>
  );
}
