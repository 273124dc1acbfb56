import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";

import { ApiError } from "@/api/client";
import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { messageOf } from "@/design/Failure";
import { FieldInput } from "@/fields/Input";

import { instantOf, wallNow } from "@/format/today";
import { spoilRecords } from "../cache";
import { useDraft } from "../draft";
import { Labelled } from "../form/FormFields";
import { saveMerging } from "../merging";
import styles from "./quick.module.css";

interface Props {
  object: ObjectDefinition;
  row: Row;
  next: { text: string; on: string };
  onClose: () => void;
}

const DAYS = [1, 3, 7];

/** What happens next with the record, and when. */
export function NextForm({ object, row, next, onClose }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const draft = useDraft(row);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const fields = [next.text, next.on].map((name) => fieldOf(object, name)).filter((field) => field != null);
  const save = async () => {
    setBusy(true);
    setErrors({});
    try {
      const outcome = await saveMerging(object, row, draft.changes);
      if (outcome.kind === "collision") {
        void message.warning(t("form.staleShort"));
        return;
      }
      void message.success(t("record.quick.nextSaved"));
      onClose();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setErrors(error.byField());
      void message.error(messageOf(error) || t("error.offline"));
    } finally {
      setBusy(false);
      await spoilRecords(client);
    }
  };
  const day = (days: number) => {
    const at = wallNow().add(days, "day");
    const whole = fieldOf(object, next.on)?.stored_type === "date";
    draft.set({ [next.on]: whole ? at.format("YYYY-MM-DD") : instantOf(at.hour(9).minute(0).second(0).millisecond(0)).toISOString() });
  };
  return (
    <form
      className={styles.form}
      aria-label={t("record.quick.next")}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <p className={styles.ask}>{t("record.quick.ask")}</p>
      <div className={styles.fields}>
        {fields.map((field) => (
          <Labelled key={field.name} id={`next-${field.name}`} field={field} error={errors[field.name]}>
            <FieldInput
              id={`next-${field.name}`}
              object={object}
              field={field}
              value={draft.values[field.name]}
              values={draft.values}
              autoFocus={field.name === next.text}
              onChange={draft.set}
            />
          </Labelled>
        ))}
      </div>
      <div className={styles.foot}>
        {DAYS.map((days) => (
          <Button key={days} size="small" type="text" onClick={() => day(days)}>
            {t(`record.quick.in.${days}`)}
          </Button>
        ))}
        <span className={styles.gap} />
        <Button onClick={onClose}>{t("action.later")}</Button>
        <Button type="primary" htmlType="submit" loading={busy} disabled={!draft.dirty}>
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}
