import { Button, Modal } from "antd";
import { Fragment, useState } from "react";

import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Cell } from "@/fields/Cell";

import { titleOf } from "../../summary";
import styles from "./edit.module.css";
import type { Conflict } from "./useCellEditing";

interface Props {
  object: ObjectDefinition;
  conflict: Conflict;
  onSettle: (mine: readonly string[]) => void;
}

/** Two people changed the same fields: for each, whose value stays. */
export function ConflictDialog({ object, conflict, onSettle }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const [mine, setMine] = useState<string[]>(conflict.fields);
  const ours = { ...conflict.row, ...conflict.changes } as Row;
  const names = conflict.fields.filter((name) => fieldOf(object, name));
  const pick = (name: string, own: boolean) =>
    setMine((now) => (own ? [...new Set([...now, name])] : now.filter((one) => one !== name)));
  return (
    <Modal
      open
      title={t("conflict.title", { title: titleOf(object, conflict.row) })}
      onCancel={() => onSettle([])}
      footer={[
        <Button key="theirs" onClick={() => onSettle([])}>
          {t("conflict.drop")}
        </Button>,
        <Button key="save" type="primary" onClick={() => onSettle(mine)}>
          {t("conflict.settle")}
        </Button>,
      ]}
    >
      <p>{t("conflict.hint")}</p>
      <dl className={styles.conflict}>
        <dt className={styles.conflictHead} />
        <dd className={styles.conflictHead}>{t("conflict.theirs")}</dd>
        <dd className={styles.conflictHead}>{t("conflict.mine")}</dd>
        {names.map((name) => {
          const field = fieldOf(object, name);
          if (!field) return null;
          const own = mine.includes(name);
          return (
            <Fragment key={name}>
              <dt>{say(field.label)}</dt>
              <dd>
                <button type="button" className={styles.pick} aria-pressed={!own} onClick={() => pick(name, false)}>
                  <Cell object={object} field={field} value={conflict.current[name]} row={conflict.current} />
                </button>
              </dd>
              <dd>
                <button type="button" className={styles.pick} aria-pressed={own} onClick={() => pick(name, true)}>
                  <Cell object={object} field={field} value={ours[name]} row={ours} />
                </button>
              </dd>
            </Fragment>
          );
        })}
      </dl>
    </Modal>
  );
}
