import { Button, Modal } from "antd";

import type { BulkReport, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { RecordLink } from "@/design/RecordLink";

import { titleOf } from "../summary";
import styles from "./list.module.css";

interface Props {
  object: ObjectDefinition;
  rows: Row[];
  report: BulkReport;
  onClose: () => void;
}

/** What a bulk change did, and each record that refused with its reasons. */
export function RefusedReport({ object, rows, report, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={t("bulk.refusedTitle", { done: report.done, refused: report.refused.length })}
      onCancel={onClose}
      footer={<Button onClick={onClose}>{t("action.close")}</Button>}
    >
      <p>{t("bulk.refusedHint")}</p>
      <ul className={styles.refused}>
        {report.refused.map((one) => {
          const row = rows.find((candidate) => candidate.id === one.id);
          return (
            <li key={one.id}>
              <RecordLink className={styles.refusedName} object={object.name} id={one.id}>
                {row ? titleOf(object, row) : one.id}
              </RecordLink>
              <ul>
                {one.errors.map((error, index) => (
                  <li key={`${error.code}-${index}`}>{[error.message, error.hint].filter(Boolean).join(" ")}</li>
                ))}
              </ul>
            </li>
          );
        })}
      </ul>
    </Modal>
  );
}
