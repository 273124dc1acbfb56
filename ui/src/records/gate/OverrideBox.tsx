import { Button, Input } from "antd";
import { ShieldAlert } from "lucide-react";
import { useState } from "react";

import { useTranslation } from "@/app/translation";

import styles from "./gate.module.css";

/** Going past a shut gate: set apart, with a reason that is kept and counted. */
export function OverrideBox({ busy, onOverride }: { busy: boolean; onOverride: (reason: string) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  if (!open) {
    return (
      <Button
        type="text"
        size="small"
        className={styles.overrideOpen}
        icon={<ShieldAlert size={14} />}
        onClick={() => setOpen(true)}
      >
        {t("gate.override")}
      </Button>
    );
  }
  return (
    <section className={styles.override} aria-label={t("gate.override")}>
      <h3>
        <ShieldAlert size={16} aria-hidden /> {t("gate.override")}
      </h3>
      <p>{t("gate.overrideHint")}</p>
      <Input.TextArea
        autoFocus
        value={reason}
        aria-label={t("gate.overrideReason")}
        placeholder={t("gate.overrideReason")}
        autoSize={{ minRows: 2, maxRows: 6 }}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className={styles.overrideActions}>
        <Button size="small" onClick={() => setOpen(false)}>
          {t("action.cancel")}
        </Button>
        <Button size="small" danger loading={busy} disabled={!reason.trim()} onClick={() => onOverride(reason.trim())}>
          {t("gate.overrideGo")}
        </Button>
      </div>
    </section>
  );
}
