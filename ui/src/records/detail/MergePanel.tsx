import { Alert, Button, Modal, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ObjectDefinition, Row } from "@/api/types";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Cell } from "@/fields/Cell";
import { sameValue } from "@/fields/wire";

import type { Draft } from "../draft";
import styles from "./properties.module.css";

interface Props {
  object: ObjectDefinition;
  base: Row;
  theirs: Row;
  draft: Draft;
  busy: boolean;
  onClose: () => void;
  /** Goes on without one's own changes to these fields. */
  onMerge: (dropped: string[]) => void;
}

/** Somebody else saved in between: field by field, theirs or mine. */
export function MergePanel({ object, base, theirs, draft, busy, onClose, onMerge }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const [picks, setPicks] = useState<Record<string, "mine" | "theirs">>({});
  const mine = Object.keys(draft.changes);
  const conflicts = mine.filter(
    (name) => !sameValue(theirs[name], base[name]) && !sameValue(theirs[name], draft.changes[name]),
  );
  const undecided = conflicts.filter((name) => !(name in picks));
  return (
    <Modal
      open
      title={t("merge.title")}
      onCancel={onClose}
      footer={[
        <Button key="back" onClick={onClose}>
          {t("action.back")}
        </Button>,
        <Button
          key="go"
          type="primary"
          loading={busy}
          disabled={undecided.length > 0}
          onClick={() => onMerge(conflicts.filter((name) => picks[name] === "theirs"))}
        >
          {t("merge.go")}
        </Button>,
      ]}
    >
      <div className={styles.merge}>
        <Alert
          type="info"
          showIcon
          title={conflicts.length > 0 ? t("merge.conflicts", { count: conflicts.length }) : t("merge.none")}
        />
        {conflicts.map((name) => {
          const field = fieldOf(object, name);
          if (!field) return null;
          return (
            <section key={name} className={styles.conflict}>
              <h3>{say(field.label)}</h3>
              <Radio.Group
                className={styles.choice}
                value={picks[name]}
                onChange={(event) => setPicks((now) => ({ ...now, [name]: event.target.value as "mine" | "theirs" }))}
              >
                <Radio value="mine">
                  <small>{t("merge.mine")}</small>
                  <Cell object={object} field={field} value={draft.changes[name]} row={theirs} />
                </Radio>
                <Radio value="theirs">
                  <small>{t("merge.theirs")}</small>
                  <Cell object={object} field={field} value={theirs[name]} row={theirs} />
                </Radio>
              </Radio.Group>
            </section>
          );
        })}
      </div>
    </Modal>
  );
}
