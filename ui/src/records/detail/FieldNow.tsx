import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";

import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { FieldInput } from "@/fields/Input";

import { spoilRecords } from "../cache";
import { useDraft } from "../draft";
import { saveMerging } from "../merging";
import styles from "./panel.module.css";

interface Props {
  object: ObjectDefinition;
  row: Row;
  name: string;
  autoFocus?: boolean;
}

/** Fills one field and saves it at once. */
export function FieldNow({ object, row, name, autoFocus }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const draft = useDraft(row);
  const [busy, setBusy] = useState(false);
  const field = fieldOf(object, name);
  if (!field || field.readonly || field.derived) return null;
  const id = `deliver-${autoFocus ? "now-" : ""}${field.name}`;
  const save = async () => {
    const { changes } = draft;
    setBusy(true);
    try {
      const outcome = await saveMerging(object, row, changes);
      if (outcome.kind === "collision") void message.warning(t("form.staleShort"));
      else draft.sent(changes);
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(false);
      await spoilRecords(client);
    }
  };
  return (
    <div className={styles.fieldNow}>
      <label htmlFor={id} className="sr-only">
        {say(field.label)}
      </label>
      <FieldInput
        id={id}
        object={object}
        field={field}
        value={draft.values[field.name]}
        values={draft.values}
        autoFocus={autoFocus}
        onChange={draft.set}
      />
      {draft.dirty ? (
        <Button type="primary" size="small" loading={busy} onClick={() => void save()}>
          {t("action.save")}
        </Button>
      ) : null}
    </div>
  );
}
