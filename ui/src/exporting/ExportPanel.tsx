import { useQuery } from "@tanstack/react-query";
import { App, Button, Modal, Radio } from "antd";
import { Download } from "lucide-react";
import { useState } from "react";

import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { formatNumber } from "@/format/number";

import styles from "./exporting.module.css";
import { AT_ONCE, countOf, type ExportRequest, fileAddress, type Format, startExport } from "./exports";
import { JobToast } from "./JobToast";

interface Props {
  object: ObjectDefinition;
  /** The list on screen, whatever its format and columns. */
  list: Omit<ExportRequest, "object" | "format" | "fields">;
  /** The columns on screen. */
  columns: string[];
  open: boolean;
  onClose: () => void;
}

/** The list as a file: which format, which columns. A short one comes at once, a long one is made with progress. */
export function ExportPanel({ object, list, columns, open, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const [format, setFormat] = useState<Format>("xlsx");
  const [all, setAll] = useState(false);
  const [busy, setBusy] = useState(false);
  const [job, setJob] = useState<string | null>(null);
  const request: ExportRequest = { ...list, object: object.name, format, fields: all ? [] : columns };
  const { data: count, isPending } = useQuery({
    queryKey: ["records", object.name, "export-count", list],
    queryFn: () => countOf(request),
    enabled: open,
  });
  const figure = (value: number) => formatNumber(value, i18n.language);
  const go = async () => {
    if (count !== null && count !== undefined && count <= AT_ONCE) {
      window.location.assign(fileAddress(request));
      onClose();
      return;
    }
    setBusy(true);
    try {
      setJob((await startExport(request)).job);
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const shut = () => {
    setJob(null);
    onClose();
  };
  return (
    <Modal
      open={open}
      width={440}
      title={t("exporting.title", { things: say(object.plural) })}
      onCancel={shut}
      footer={
        job ? (
          <Button onClick={shut}>{t("exporting.background")}</Button>
        ) : (
          <>
            <Button onClick={shut}>{t("action.cancel")}</Button>
            <Button
              type="primary"
              icon={<Download size={15} />}
              disabled={count === 0}
              loading={busy || isPending}
              onClick={() => void go()}
            >
              {t("exporting.go")}
            </Button>
          </>
        )
      }
    >
      {job ? (
        <JobToast job={job} download />
      ) : (
        <div className={styles.form}>
          <p className={styles.count} role="status">
            {count === null
              ? t("exporting.unknown")
              : count === undefined
                ? t("state.loading")
                : t("exporting.count", { count, shown: figure(count) })}
            {count !== null && count !== undefined && count > AT_ONCE ? <small>{t("exporting.long")}</small> : null}
          </p>
          <fieldset className={styles.field}>
            <legend>{t("exporting.formatLabel")}</legend>
            <Radio.Group
              value={format}
              onChange={(event) => setFormat(event.target.value as Format)}
              options={(["xlsx", "csv"] as const).map((value) => ({ value, label: t(`exporting.format.${value}`) }))}
            />
          </fieldset>
          <fieldset className={styles.field}>
            <legend>{t("exporting.columns")}</legend>
            <Radio.Group
              value={all}
              onChange={(event) => setAll(Boolean(event.target.value))}
              options={[
                { value: false, label: t("exporting.shown", { count: columns.length }) },
                { value: true, label: t("exporting.all", { count: object.fields.length }) },
              ]}
            />
          </fieldset>
          <p className={styles.hint}>{t("exporting.hint")}</p>
        </div>
      )}
    </Modal>
  );
}
