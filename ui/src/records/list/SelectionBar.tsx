import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown } from "antd";
import { Archive, ArrowRightLeft, X } from "lucide-react";
import { useEffect, useState } from "react";

import { records } from "@/api/records";
import type { BulkReport, ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { may, mayMove, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";

import { spoilRecords } from "../cache";
import type { Rows } from "../query";
import { useUndoable } from "../undo";
import { requestOf, undoOf, type Work } from "./bulk";
import { BulkEdit } from "./BulkEdit";
import styles from "./list.module.css";
import { RefusedReport } from "./RefusedReport";
import type { Selection } from "./selection";
import { SelectionActions } from "./SelectionActions";

/** How many records the server takes at once. */
const MAX_BULK = 1000;

interface Props {
  object: ObjectDefinition;
  result: Rows;
  selection: Selection;
}

/** What can be done to the ticked records at once; gates and rights hold for each, and what was done can be taken back. */
export function SelectionBar({ object, result, selection }: Props) {
  const { rows } = result;
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const undoable = useUndoable();
  const pipeline = pipelineOf(useCatalog(), object);
  const [busy, setBusy] = useState(false);
  const [leaving] = useState(() => new AbortController());
  useEffect(() => () => leaving.abort(), [leaving]);
  const [editing, setEditing] = useState(false);
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
    result.retry();
  };
  const selectAll = async () => {
    setBusy(true);
    try {
      const all = await result.fetchUpTo?.(MAX_BULK, leaving.signal);
      if (all) selection.setAll(all.map((row) => row.id));
    } catch (error) {
      if (!leaving.signal.aborted) void message.error(messageOf(error) || t("error.offline"));
    } finally {
      setBusy(false);
    }
  };
  const run = async (work: Work) => {
    const ids = [...selection.ids];
    setBusy(true);
    try {
      const answer = await records.bulk(object.name, requestOf(object, ids, work));
      const steps = undoOf(object, rows, ids, work, answer, pipeline?.field);
      if (answer.refused.length > 0) setReport(answer);
      else selection.clear();
      const count = answer.done;
      const text = "archive" in work ? t("bulk.archived", { count }) : t("bulk.done", { count });
      if (steps.length > 0) undoable(text, () => void takeBack(steps));
      else if (answer.refused.length === 0) void message.success(text);
      await spoilRecords(client);
      result.retry();
    } catch (error) {
      void message.error(messageOf(error) || t("error.offline"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.bulk} role="toolbar" aria-label={t("bulk.title")}>
      <SelectionActions
        object={object}
        count={selection.ids.size}
        onRun={(work) => void run(work)}
        onEdit={() => setEditing(true)}
        onClear={selection.clear}
      />
      <span className={styles.bulkCount}>{t("bulk.selected", { count: selection.ids.size })}</span>
      {result.more && result.fetchUpTo && selection.ids.size === rows.length ? (
        <Button type="link" loading={busy} onClick={() => void selectAll()}>
          {t("bulk.selectAll", { limit: MAX_BULK })}
        </Button>
      ) : null}
      {may(object, "update") ? (
        <BulkEdit
          object={object}
          busy={busy}
          open={editing}
          onOpen={setEditing}
          onApply={(changes) => void run({ changes })}
        />
      ) : null}
      {pipeline && mayMove(object, pipeline) ? (
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
