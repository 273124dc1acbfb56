import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown } from "antd";
import { Archive, ArrowRightLeft, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { records } from "@/api/records";
import type { BulkReport, ObjectDefinition, Row } from "@/api/types";
import { may, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";

import { spoilRecords } from "../cache";
import { useUndoable } from "../undo";
import { requestOf, undoOf, type Work } from "./bulk";
import { BulkEdit } from "./BulkEdit";
import styles from "./list.module.css";
import { RefusedReport } from "./RefusedReport";
import type { Selection } from "./selection";

interface Props {
  object: ObjectDefinition;
  rows: Row[];
  selection: Selection;
}

/** What can be done to the ticked records at once; gates and rights hold for each, and what was done can be taken back. */
export function SelectionBar({ object, rows, selection }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const undoable = useUndoable();
  const pipeline = pipelineOf(useCatalog(), object);
  const [busy, setBusy] = useState(false);
  const [report, setReport] = useState<BulkReport | null>(null);
  const takeBack = async (steps: ReturnType<typeof undoOf>) => {
    try {
      const answers = await Promise.all(steps.map((step) => records.bulk(object.name, step)));
      const done = answers.reduce((sum, one) => sum + one.done, 0);
      const refused = answers.flatMap((one) => one.refused);
      if (refused.length > 0) {
        const reasons = new Set(refused.flatMap((one) => one.errors.map((error) => error.message)));
        void message.warning(t("bulk.undoneSome", { done, refused: refused.length, why: [...reasons].slice(0, 2).join(" ") }));
      } else void message.success(t("bulk.undone", { count: done }));
    } catch (error) {
      void message.error(messageOf(error) || t("error.offline"));
    }
    await spoilRecords(client);
  };
  const run = async (work: Work) => {
    const ids = [...selection.ids];
    setBusy(true);
    try {
      const result = await records.bulk(object.name, requestOf(object, ids, work));
      const steps = undoOf(object, rows, ids, work, result, pipeline?.field);
      if (result.refused.length > 0) setReport(result);
      else selection.clear();
      const count = result.done;
      const text = "archive" in work ? t("bulk.archived", { count }) : t("bulk.done", { count });
      if (steps.length > 0) undoable(text, () => void takeBack(steps));
      else if (result.refused.length === 0) void message.success(text);
      await spoilRecords(client);
    } catch (error) {
      void message.error(messageOf(error) || t("error.offline"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.bulk} role="toolbar" aria-label={t("bulk.title")}>
      <span className={styles.bulkCount}>{t("bulk.selected", { count: selection.ids.size })}</span>
      {may(object, "update") ? (
        <BulkEdit object={object} busy={busy} onApply={(changes) => void run({ changes })} />
      ) : null}
      {pipeline && may(object, "update") ? (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: pipeline.stages.map((stage) => ({ key: stage.name, label: say(stage.label) })),
            onClick: ({ key }) => void run({ move: { to: key } }),
          }}
        >
          <Button type="text" disabled={busy} icon={<ArrowRightLeft size={15} />}>
            {t("bulk.move")}
          </Button>
        </Dropdown>
      ) : null}
      {may(object, "archive") ? (
        <Button type="text" disabled={busy} icon={<Archive size={15} />} onClick={() => void run({ archive: true })}>
          {t("action.archive")}
        </Button>
      ) : null}
      <IconButton label={t("bulk.clear")} icon={<X size={16} />} onClick={selection.clear} />
      {report ? (
        <RefusedReport
          object={object}
          rows={rows}
          report={report}
          onClose={() => {
            setReport(null);
            selection.setAll(report.refused.map((one) => one.id));
          }}
        />
      ) : null}
    </div>
  );
}
