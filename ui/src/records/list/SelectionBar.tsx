import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown, Popover, Select } from "antd";
import { Archive, ArrowRightLeft, PencilLine, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";

import { records } from "@/api/records";
import type { BulkReport, ObjectDefinition, Row, Values } from "@/api/types";
import { fieldOf, isWritable, may, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Bone } from "@/design/Bones";
import { messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { toWire } from "@/fields/wire";

import { spoilRecords } from "../cache";
import styles from "./list.module.css";
import { RefusedReport } from "./RefusedReport";
import type { Selection } from "./selection";

const FieldInput = lazy(() => import("@/fields/Input").then((module) => ({ default: module.FieldInput })));

type Work = { changes: Values } | { move: { to: string } } | { archive: true };

interface Props {
  object: ObjectDefinition;
  rows: Row[];
  selection: Selection;
}

/** What can be done to the ticked records at once; gates and rights hold for each. */
export function SelectionBar({ object, rows, selection }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const pipeline = pipelineOf(useCatalog(), object);
  const [busy, setBusy] = useState(false);
  const [report, setReport] = useState<BulkReport | null>(null);
  const run = async (work: Work) => {
    setBusy(true);
    try {
      const result = await records.bulk(object.name, { ids: [...selection.ids], ...work });
      if (result.refused.length > 0) setReport(result);
      else {
        void message.success(t("bulk.done", { count: result.done }));
        selection.clear();
      }
      await spoilRecords(client);
    } catch (error) {
      void message.error(messageOf(error));
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

function BulkEdit({
  object,
  busy,
  onApply,
}: {
  object: ObjectDefinition;
  busy: boolean;
  onApply: (changes: Values) => void;
}) {
  const { t } = useTranslation();
  const say = useLabel();
  const pipeline = pipelineOf(useCatalog(), object);
  const [open, setOpen] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const [changes, setChanges] = useState<Values>({});
  const field = name ? fieldOf(object, name) : null;
  const editable = object.fields.filter(
    (one) =>
      isWritable(one) &&
      one.name !== pipeline?.field &&
      !["file", "files", "photo", "signature"].includes(one.stored_type),
  );
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="top"
      content={
        <div className={styles.bulkEdit}>
          <Select
            aria-label={t("bulk.field")}
            showSearch={{ optionFilterProp: "label" }}
            placeholder={t("bulk.field")}
            value={name}
            options={editable.map((one) => ({ value: one.name, label: say(one.label) }))}
            onChange={(next) => {
              setName(next);
              setChanges({ [next]: null });
            }}
          />
          {field ? (
            <Suspense fallback={<Bone height={32} />}>
              <label htmlFor="bulk-value" className="sr-only">
                {say(field.label)}
              </label>
              <FieldInput
                id="bulk-value"
                object={object}
                field={field}
                value={changes[field.name]}
                values={changes}
                onChange={(next) => setChanges((now) => ({ ...now, ...next }))}
              />
            </Suspense>
          ) : null}
          <Button
            type="primary"
            disabled={!field}
            loading={busy}
            onClick={() => {
              setOpen(false);
              onApply(toWire(object, changes));
            }}
          >
            {t("bulk.apply")}
          </Button>
        </div>
      }
    >
      <Button type="text" disabled={busy} icon={<PencilLine size={15} />}>
        {t("bulk.edit")}
      </Button>
    </Popover>
  );
}
