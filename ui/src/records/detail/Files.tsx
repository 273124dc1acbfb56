import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Select } from "antd";
import { CloudUpload, Download, FileText, Trash2 } from "lucide-react";
import { type MouseEvent, useState } from "react";

import { api } from "@/api/client";
import { keys, records } from "@/api/records";
import type { Label, ObjectDefinition, Row, StoredFile } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { mayDo, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { cx } from "@/design/cx";
import { Dropzone } from "@/design/Dropzone";
import { Failure, messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { Time } from "@/design/Time";
import { formatBytes } from "@/format/number";
import { useWaitingFiles } from "@/outbox/use";
import { useFiling } from "@/outbox/useFiling";

import { spoilRecords } from "../cache";
import styles from "./files.module.css";
import { isShowable, Lightbox } from "./Lightbox";

const PLAIN = "attachment";

/** Files kept with the record, filed under the kinds that its deliverables ask for. */
export function Files({ object, row }: { object: ObjectDefinition; row: Row }) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const kinds = useFileKinds(object);
  const [kind, setKind] = useState(PLAIN);
  const put = useFiling(object, row);
  const waiting = useWaitingFiles(object.name, row.id);
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey: keys.files(object.name, row.id),
    queryFn: ({ signal }) => records.files(object.name, row.id, signal),
  });
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
    } catch (failure) {
      void message.error(messageOf(failure));
    } finally {
      setBusy(false);
      await spoilRecords(client);
    }
  };
  const upload = (files: File[]) =>
    attempt(async () => {
      for (const file of files) await put(kind, file);
    });
  const labelOf = (name: string) =>
    say(kinds.find((one) => one.file_kind === name)?.label) || (name === PLAIN ? t("file.plain") : name);
  const editable = mayDo(object, row, "update");
  const showable = (data?.items ?? []).filter(isShowable);
  const at = showable.findIndex((file) => file.id === shown);
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  return (
    <div className={styles.files}>
      {editable ? (
        <div className={styles.upload}>
          <Select
            aria-label={t("file.kind")}
            value={kind}
            options={[
              { value: PLAIN, label: t("file.plain") },
              ...kinds.map((one) => ({ value: String(one.file_kind), label: say(one.label) })),
            ]}
            popupMatchSelectWidth={false}
            className={styles.pick}
            onChange={setKind}
          />
          <Dropzone
            title={t("file.drop")}
            hint={t("file.dropHint")}
            multiple
            busy={busy}
            onFiles={(files) => void upload(files)}
          />
        </div>
      ) : null}
      {data ? null : <BoneLines lines={3} />}
      {waiting.length > 0 ? (
        <ul className={styles.list}>
          {waiting.map(({ key, name, kind: filed, content }) => (
            <li key={key} className={styles.file}>
              <span className={styles.thumb}>
                <CloudUpload size={20} strokeWidth={1.5} aria-hidden />
              </span>
              <div className={styles.facts}>
                <span className="cut">{name}</span>
                <p>
                  <span className={styles.kind}>{labelOf(filed)}</span>
                  <span>{formatBytes(content.size, i18n.language)}</span>
                  <span>{t("outbox.fileWaiting")}</span>
                </p>
              </div>
            </li>
          ))}
        </ul>
      ) : null}
      {data && data.items.length === 0 && waiting.length === 0 ? <p className={styles.none}>{t("file.none")}</p> : null}
      <ul className={styles.list}>
        {(data?.items ?? []).map((file) => (
          <FileItem
            key={file.id}
            file={file}
            kind={labelOf(file.kind)}
            onShow={isShowable(file) ? () => setShown(file.id) : undefined}
            onRemove={editable ? () => void attempt(() => api.delete(`/api/files/${file.id}`)) : undefined}
          />
        ))}
      </ul>
      {at >= 0 ? (
        <Lightbox
          files={showable}
          at={at}
          onMove={(next) => setShown(showable[next]?.id ?? null)}
          onClose={() => setShown(null)}
        />
      ) : null}
    </div>
  );
}

interface FileItemProps {
  file: StoredFile;
  kind: string;
  /** Looks at the file here; without it the name downloads it. */
  onShow?: () => void;
  onRemove?: () => void;
}

function FileItem({ file, kind, onShow, onRemove }: FileItemProps) {
  const { t, i18n } = useTranslation();
  const show = (event: MouseEvent) => {
    if (!onShow) return;
    event.preventDefault();
    onShow();
  };
  const by = typeof file.created_by === "object" ? file.created_by?.label : null;
  return (
    <li className={styles.file}>
      <a className={styles.thumb} href={file.url} tabIndex={-1} aria-hidden onClick={show}>
        {file.thumbnail_url ? (
          <img src={file.thumbnail_url} alt="" loading="lazy" />
        ) : (
          <FileText size={20} strokeWidth={1.5} />
        )}
      </a>
      <div className={styles.facts}>
        {onShow ? (
          <button type="button" className={cx(styles.name, "cut")} title={file.name} onClick={onShow}>
            {file.name}
          </button>
        ) : (
          <a className="cut" href={file.url} title={file.name}>
            {file.name}
          </a>
        )}
        <p>
          <span className={styles.kind}>{kind}</span>
          <span>{formatBytes(file.size, i18n.language)}</span>
          {by ? <span>{by}</span> : null}
          <Time value={file.created_at} />
        </p>
      </div>
      <IconButton
        label={t("file.download")}
        icon={<Download size={15} />}
        onClick={() => window.location.assign(file.url)}
      />
      {onRemove ? <IconButton label={t("file.delete")} icon={<Trash2 size={15} />} danger onClick={onRemove} /> : null}
    </li>
  );
}

function useFileKinds(object: ObjectDefinition): { file_kind?: string | null; label: Label }[] {
  const pipeline = pipelineOf(useCatalog(), object);
  const demanded = (pipeline?.stages ?? [])
    .flatMap((stage) => [...stage.entry, ...stage.exit])
    .filter((item) => item.kind === "file");
  const all = [...demanded, ...object.file_kinds.map(({ name, label }) => ({ file_kind: name, label }))];
  return all.filter((item, index) => all.findIndex((other) => other.file_kind === item.file_kind) === index);
}
