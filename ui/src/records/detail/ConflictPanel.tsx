import { Alert, Button, Modal, Radio } from "antd";
import { useState } from "react";

import type { ObjectDefinition, Ref, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Time } from "@/design/Time";
import { Cell } from "@/fields/Cell";
import { isRef } from "@/fields/reference/refs";

import type { Draft } from "../draft";
import type { Collision } from "./editing";
import styles from "./properties.module.css";

interface Props {
  object: ObjectDefinition;
  collision: Collision;
  draft: Draft;
  busy: boolean;
  onClose: () => void;
  /** Goes on without one's own changes to these fields. */
  onMerge: (dropped: string[]) => void;
}

/** Somebody else saved in between: field by field, theirs or mine. */
export function ConflictPanel({ object, collision, draft, busy, onClose, onMerge }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const [picks, setPicks] = useState<Record<string, "mine" | "theirs">>({});
  const { theirs, fields: conflicts, since } = collision;
  const writer = (name: string) => since.findLast((one) => one.fields.includes(name)) ?? lastOf(theirs);
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
          title={t("merge.conflicts", { count: conflicts.length })}
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
                  <small>
                    {t("merge.theirs")}
                    <By change={writer(name)} />
                  </small>
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

function lastOf(row: Row): { by: Ref | null; at: string } {
  return { by: isRef(row.updated_by) ? row.updated_by : null, at: String(row.updated_at ?? "") };
}

/** Who wrote it, and when. Not part of the choice's name. */
function By({ change }: { change: { by: Ref | null; at: string } }) {
  return (
    <span className={styles.by} aria-hidden>
      {change.by?.label}
      {change.at ? <Time value={change.at} /> : null}
    </span>
  );
}
