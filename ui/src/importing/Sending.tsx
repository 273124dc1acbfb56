import { Button, Progress } from "antd";

import { useTranslation } from "@/app/translation";

import styles from "./importing.module.css";

interface Props {
  /** How much of the file has gone to the server, 0–1. */
  sent: number;
  onCancel: () => void;
}

/** A file on its way to the server, then looked into there. */
export function Sending({ sent, onCancel }: Props) {
  const { t } = useTranslation();
  return (
    <div className={styles.running} role="status">
      <p>{t(sent >= 1 ? "import.reading" : "import.sending")}</p>
      <Progress percent={Math.round(sent * 100)} status="active" strokeColor="var(--accent)" aria-label={t("import.sending")} />
      <Button onClick={onCancel}>{t("action.cancel")}</Button>
    </div>
  );
}
