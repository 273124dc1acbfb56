import { UploadCloud } from "lucide-react";
import { type DragEvent, useId, useState } from "react";

import { cx } from "./cx";
import styles from "./Dropzone.module.css";

interface Props {
  title: string;
  hint?: string;
  accept?: string;
  multiple?: boolean;
  busy?: boolean;
  compact?: boolean;
  onFiles: (files: File[]) => void;
}

/** A place to drop files on, or to choose them (a phone offers its camera). */
export function Dropzone({ title, hint, accept, multiple, busy, compact, onFiles }: Props) {
  const id = useId();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) onFiles(multiple ? files : files.slice(0, 1));
  };
  return (
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
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
      <UploadCloud size={compact ? 16 : 22} strokeWidth={1.6} aria-hidden />
      <span className={styles.title}>{title}</span>
      {hint ? <span className={styles.hint}>{hint}</span> : null}
    </label>
  );
}
