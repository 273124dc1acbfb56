import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { ChevronLeft, ChevronRight, Download, FileQuestion, X } from "lucide-react";
import { useEffect, useRef } from "react";

import { api } from "@/api/client";
import type { StoredFile } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";

import styles from "./lightbox.module.css";

const PICTURES = ["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif", "image/bmp"];

interface Props {
  files: StoredFile[];
  at: number;
  onMove: (at: number) => void;
  onClose: () => void;
}

/** Whether a file can be looked at here: a picture, or a document that the server draws page by page. */
export function isShowable(file: StoredFile): boolean {
  return PICTURES.includes(file.mime) || Boolean(file.pages_url);
}

/** Files one at a time over the whole screen; arrow keys go on, Escape closes. */
export function Lightbox({ files, at, onMove, onClose }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLDialogElement>(null);
  const file = files[at];
  useEffect(() => {
    const dialog = box.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  if (!file) return null;
  const move = (by: number) => {
    if (files[at + by]) onMove(at + by);
  };
  return (
    <dialog
      ref={box}
      className={styles.box}
      aria-label={file.name}
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") move(-1);
        if (event.key === "ArrowRight") move(1);
      }}
    >
      <header className={styles.head}>
        <span className="cut">{file.name}</span>
        {files.length > 1 ? <span className={styles.place}>{`${at + 1}/${files.length}`}</span> : null}
        <Button
          type="text"
          icon={<Download size={17} />}
          aria-label={t("file.download")}
          onClick={() => window.location.assign(file.url)}
        />
        <Button type="text" icon={<X size={18} />} aria-label={t("action.close")} onClick={() => box.current?.close()} />
      </header>
      <div className={styles.stage}>
        {file.pages_url ? (
          <Pages key={file.id} url={file.pages_url} name={file.name} />
        ) : (
          <img key={file.id} className={styles.picture} src={file.url} alt={file.name} />
        )}
      </div>
      <Turn label={t("file.previous")} hidden={at === 0} side="left" onTurn={() => move(-1)} />
      <Turn label={t("file.next")} hidden={at === files.length - 1} side="right" onTurn={() => move(1)} />
    </dialog>
  );
}

interface TurnProps {
  label: string;
  hidden: boolean;
  side: "left" | "right";
  onTurn: () => void;
}

function Turn({ label, hidden, side, onTurn }: TurnProps) {
  if (hidden) return null;
  return (
    <button type="button" className={`${styles.turn} ${styles[side]}`} aria-label={label} onClick={onTurn}>
      {side === "left" ? <ChevronLeft size={22} aria-hidden /> : <ChevronRight size={22} aria-hidden />}
    </button>
  );
}

/** The pages of a document below each other, each drawn when it comes near. */
function Pages({ url, name }: { url: string; name: string }) {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ["pages", url],
    queryFn: ({ signal }) => api.get<{ count: number }>(url, {}, signal),
    staleTime: Infinity,
    retry: false,
  });
  if (error) {
    return (
      <p className={styles.trouble} role="alert">
        <FileQuestion size={28} strokeWidth={1.5} aria-hidden />
        {messageOf(error)}
      </p>
    );
  }
  return (
    <div className={styles.pages} aria-busy={!data} tabIndex={0} role="group" aria-label={name}>
      {Array.from({ length: data?.count ?? 1 }, (_, index) =>
        data ? (
          <img
            key={index}
            className={styles.page}
            src={`${url}/${index + 1}`}
            alt={t("file.page", { number: index + 1, count: data.count })}
            loading="lazy"
          />
        ) : (
          <span key={index} className={styles.page} />
        ),
      )}
    </div>
  );
}
