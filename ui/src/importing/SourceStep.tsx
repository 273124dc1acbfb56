import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { ClipboardPaste, Download, Waypoints } from "lucide-react";
import { useEffect } from "react";

import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { Dropzone } from "@/design/Dropzone";

import styles from "./importing.module.css";
import { fileOfPaste } from "./paste";
import { Sending } from "./Sending";

interface Props {
  object: ObjectDefinition;
  /** How much of the file has gone to the server, 0–1; null: nothing is on its way. */
  sent: number | null;
  onFile: (file: File) => void;
  onCancel: () => void;
}

/** Where rows come from: a file, cells copied in Excel, or a template to fill in first. */
export function SourceStep({ object, sent, onFile, onCancel }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const file = fileOfPaste(event.clipboardData, t("import.pasted"));
      if (!file) return;
      event.preventDefault();
      onFile(file);
    };
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, [onFile, t]);
  if (sent !== null) return <Sending sent={sent} onCancel={onCancel} />;
  return (
    <>
      <Dropzone
        title={t("import.drop")}
        hint={t("import.dropHint")}
        accept=".csv,.xlsx,.xls,.xlsm,.ods,.tsv,.txt,text/csv"
        onFiles={(files) => files[0] && onFile(files[0])}
      />
      <div className={styles.ways}>
        <section className={styles.way}>
          <h2>
            <ClipboardPaste size={15} aria-hidden />
            {t("import.paste")}
          </h2>
          <Input.TextArea
            aria-label={t("import.paste")}
            placeholder={t("import.pasteHint")}
            autoSize={{ minRows: 3, maxRows: 3 }}
            value=""
            onChange={() => undefined}
          />
        </section>
        <section className={styles.way}>
          <h2>
            <Download size={15} aria-hidden />
            {t("import.template")}
          </h2>
          <p>{t("import.templateHint")}</p>
          <div className={styles.buttons}>
            {(["xlsx", "csv"] as const).map((format) => (
              <Button key={format} href={`/api/records/${object.name}/import/template?format=${format}`}>
                {t(`exporting.format.${format}`)}
              </Button>
            ))}
          </div>
        </section>
        {object.pipeline && object.can.override_gate ? (
          <section className={styles.way}>
            <h2>
              <Waypoints size={15} aria-hidden />
              {t("places.history")}
            </h2>
            <p>{t("import.logHint")}</p>
            <div className={styles.buttons}>
              <Link to="/import/log">{t("import.log")}</Link>
            </div>
          </section>
        ) : null}
      </div>
    </>
  );
}
