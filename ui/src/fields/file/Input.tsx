import { App, Button } from "antd";
import { X } from "lucide-react";
import { useState } from "react";

import { uploadFile } from "@/api/records";
import { useTranslation } from "@/app/translation";
import { Dropzone } from "@/design/Dropzone";
import { messageOf } from "@/design/Failure";

import type { InputProps } from "../kinds";
import styles from "../fields.module.css";

/** Uploads into a file field. A record that doesn't exist yet can't hold files: that is said instead. */
export function FileInput({ object, field, value, values, onChange, disabled }: InputProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const several = field.stored_type === "files";
  const ids = ((Array.isArray(value) ? value : value ? [value] : []) as unknown[]).map(String);
  const record = typeof values.id === "string" ? values.id : null;
  if (!record) return <span className={styles.no}>{t("field.fileLater")}</span>;
  const upload = async (files: File[]) => {
    setBusy(true);
    try {
      const stored = await Promise.all(files.map((file) => uploadFile(object.name, record, field.name, file)));
      const added = stored.map((file) => file.id);
      onChange({ [field.name]: several ? [...ids, ...added] : added.slice(0, 1) });
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.stack}>
      {ids.map((id, index) => (
        <span key={id} className={styles.fileLine}>
          <a className={styles.link} href={`/api/files/${id}`}>
            {t("field.fileNumber", { number: index + 1 })}
          </a>
          <Button
            type="text"
            size="small"
            aria-label={t("action.remove")}
            icon={<X size={14} />}
            onClick={() => onChange({ [field.name]: ids.filter((other) => other !== id) })}
          />
        </span>
      ))}
      {disabled ? null : (
        <Dropzone
          compact
          title={t("file.drop")}
          accept={field.stored_type === "photo" ? "image/*" : undefined}
          multiple={several}
          busy={busy}
          onFiles={(files) => void upload(files)}
        />
      )}
    </div>
  );
}
