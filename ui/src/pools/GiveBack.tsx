import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Input } from "antd";
import { useState } from "react";

import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { Panel } from "@/design/Panel";
import { spoilRecords } from "@/records/cache";
import { titleOf } from "@/records/summary";

import { giveBack } from "./pools";
import styles from "./pools.module.css";

interface Props {
  object: ObjectDefinition;
  row: Row;
  open: boolean;
  onClose: () => void;
}

/** Gives a record back into its pool; the next holder reads why. */
export function GiveBack({ object, row, open, onClose }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      await giveBack(object.name, row.id, note.trim());
      onClose();
      await navigate({ to: "/pool" });
      await spoilRecords(client);
      void message.success(t("pool.givenBack", { name: titleOf(object, row) }));
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel
      open={open}
      title={t("pool.giveBack", { name: titleOf(object, row) })}
      onClose={onClose}
      width={480}
      focus="give-back"
      footer={
        <div className={styles.foot}>
          <Button onClick={onClose}>{t("action.cancel")}</Button>
          <Button type="primary" loading={busy} disabled={!note.trim()} onClick={() => void go()}>
            {t("pool.giveBackNow")}
          </Button>
        </div>
      }
    >
      <p className={styles.hint}>{t("pool.giveBackHint")}</p>
      <Input.TextArea
        id="give-back"
        aria-label={t("pool.note")}
        placeholder={t("pool.notePlaceholder")}
        rows={4}
        maxLength={500}
        showCount
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
    </Panel>
  );
}
