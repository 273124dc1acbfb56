import { Camera, UploadCloud } from "lucide-react";
import { type ChangeEvent, type DragEvent, useId, useState } from "react";

import { useTranslation } from "@/app/translation";

import { cx } from "./cx";
import styles from "./Dropzone.module.css";
import { usePhone } from "./media";

interface Props {
  title: string;
  hint?: string;
  accept?: string;
  multiple?: boolean;
  busy?: boolean;
  compact?: boolean;
  onFiles: (files: File[]) => void;
}

/** A place to drop files on, or to choose them; on a phone also to take a picture. */
export function Dropzone({ title, hint, accept, multiple, busy, compact, onFiles }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const camera = usePhone() && (!accept || accept.includes("image"));
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    event.target.value = "";
    if (files.length > 0) onFiles(files);
  };
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(multiple ? files : files.slice(0, 1));
  };
  const zone = (
    <label
      htmlFor={id}
      className={cx(styles.zone, over && styles.over, compact && styles.compact, busy && styles.busy)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        id={id}
        className="sr-only"
        type="file"
        accept={accept}
        multiple={multiple}
        disabled={busy}
        onChange={choose}
      />
      <UploadCloud size={compact ? 16 : 22} strokeWidth={1.6} aria-hidden />
      <span className={styles.title}>{title}</span>
      {hint ? <span className={styles.hint}>{hint}</span> : null}
    </label>
  );
  if (!camera) return zone;
  return (
    <div className={styles.both}>
      {zone}
      <label className={cx(styles.camera, busy && styles.busy)}>
        <input
          className="sr-only"
          type="file"
          accept="image/*"
          capture="environment"
          disabled={busy}
          onChange={choose}
        />
        <Camera size={18} strokeWidth={1.7} aria-hidden />
        {t("file.camera")}
      </label>
    </div>
  );
}
