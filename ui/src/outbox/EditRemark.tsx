import { Button, Input } from "antd";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { Panel } from "@/design/Panel";
import { Reasons } from "@/records/form/Reasons";

import type { Entry } from "./entry";
import styles from "./outbox.module.css";
import { rephrase } from "./revising";
import { useRevision } from "./useRevision";

const MAX = 5000;

/** A remark that waits or came back, to be put in other words. */
export function EditRemark({ entry, onClosed }: { entry: Entry; onClosed: () => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(true);
  const [text, setText] = useState(entry.remark?.body.text ?? "");
  const carryOut = useRevision(() => setOpen(false));
  const save = () => carryOut(() => rephrase(entry, text));
  return (
    <Panel
      open={open}
      title={entry.title || t("outbox.remark")}
      onClose={() => setOpen(false)}
      onClosed={onClosed}
      focus="kept-remark"
      footer={
        <div className={styles.foot}>
          <Button onClick={() => setOpen(false)}>{t("action.cancel")}</Button>
          <Button type="primary" disabled={!text.trim()} onClick={() => void save()}>
            {t("outbox.saveAndSend")}
          </Button>
        </div>
      }
    >
      <Reasons reasons={entry.problem?.errors ?? []} title={t("outbox.cameBack")} />
      <label htmlFor="kept-remark">{t("outbox.remark")}</label>
      <Input.TextArea
        id="kept-remark"
        value={text}
        maxLength={MAX}
        autoSize={{ minRows: 4, maxRows: 14 }}
        onChange={(event) => setText(event.target.value)}
      />
    </Panel>
  );
}
