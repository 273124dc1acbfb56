import { useQuery } from "@tanstack/react-query";
import { FileText } from "lucide-react";
import { useState } from "react";

import { keys, records } from "@/api/records";
import type { DeliverableState, ObjectDefinition, Row, StoredFile } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { RecordLink } from "@/design/RecordLink";
import { Time } from "@/design/Time";
import { Cell } from "@/fields/Cell";
import { isShowable, Lightbox } from "@/records/detail/Lightbox";
import { Signed } from "@/records/gate/SignatureWay";

import type { Verdict } from "./api";
import styles from "./review.module.css";

interface Props {
  object: ObjectDefinition;
  row: Row;
  verdict: Verdict;
}

/** What the record shows of a deliverable: the field's value, the files, whose signature, who ticked it, how many records there are. */
export function Evidence({ object, row, verdict }: Props) {
  const { item } = verdict;
  if (item?.kind === "field" && item.field) return <FieldEvidence object={object} row={row} name={item.field} />;
  if (item?.kind === "file" && item.file_kind) return <FileEvidence object={object} row={row} kind={item.file_kind} />;
  if (item?.kind === "signature" && item.file_kind) {
    return (
      <>
        <SignatureEvidence object={object} row={row} name={item.name} />
        <FileEvidence object={object} row={row} kind={item.file_kind} />
      </>
    );
  }
  return <StandingEvidence object={object} row={row} verdict={verdict} />;
}

function FieldEvidence({ object, row, name }: { object: ObjectDefinition; row: Row; name: string }) {
  const say = useLabel();
  const field = fieldOf(object, name);
  if (!field) return null;
  return (
    <p className={styles.value}>
      <span className={styles.quiet}>{say(field.label)}</span>
      <Cell object={object} field={field} value={row[name]} row={row} />
    </p>
  );
}

function FileEvidence({ object, row, kind }: { object: ObjectDefinition; row: Row; kind: string }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<number | null>(null);
  const { data } = useQuery({
    queryKey: keys.files(object.name, row.id),
    queryFn: ({ signal }) => records.files(object.name, row.id, signal),
  });
  const files = (data?.items ?? []).filter((file) => file.kind === kind);
  const showable = files.filter(isShowable);
  if (data && files.length === 0) return <p className={styles.quiet}>{t("audits.noFile")}</p>;
  return (
    <ul className={styles.files}>
      {files.map((file) => (
        <FileTile
          key={file.id}
          file={file}
          onShow={isShowable(file) ? () => setShown(showable.indexOf(file)) : undefined}
        />
      ))}
      {shown === null ? null : (
        <Lightbox files={showable} at={shown} onMove={setShown} onClose={() => setShown(null)} />
      )}
    </ul>
  );
}

function FileTile({ file, onShow }: { file: StoredFile; onShow?: () => void }) {
  const small = file.thumbnail_url ?? (file.mime.startsWith("image/") ? file.url : null);
  const picture = small ? (
    <img src={small} alt="" loading="lazy" />
  ) : (
    <FileText size={28} strokeWidth={1.4} aria-hidden />
  );
  return (
    <li className={styles.file}>
      {onShow ? (
        <button type="button" onClick={onShow} aria-label={file.name}>
          {picture}
        </button>
      ) : (
        <a href={file.url} aria-label={file.name}>
          {picture}
        </a>
      )}
      <p className="cut" title={file.name}>
        {file.name}
      </p>
      <Time value={file.created_at} />
    </li>
  );
}

/** Who signed, how and when, and on whose word it counts. */
function SignatureEvidence({ object, row, name }: { object: ObjectDefinition; row: Row; name: string }) {
  const signature = useStanding(object, row, name)?.signature;
  return signature ? <Signed signature={signature} /> : null;
}

/** How the record stands towards a deliverable. */
function useStanding(object: ObjectDefinition, row: Row, name: string): DeliverableState | undefined {
  const { data } = useQuery({
    queryKey: keys.gate(object.name, row.id),
    queryFn: ({ signal }) => records.gate(object.name, row.id, signal),
  });
  return data?.stages.flatMap((stage) => stage.deliverables).find((one) => one.name === name);
}

/** A condition, linked records or a sub-step: how it stands now, and the way to what it stands on. */
function StandingEvidence({ object, row, verdict }: Props) {
  const { t } = useTranslation();
  const state = useStanding(object, row, verdict.deliverable);
  const tab = verdict.item?.of?.split(".").at(-1);
  return (
    <p className={styles.value}>
      {state?.at ? (
        <>
          <span className={styles.quiet}>{t("audits.ticked")}</span> <Time value={state.at} />
        </>
      ) : (
        <span className={styles.quiet}>{state ? t(state.met ? "audits.holdsNow" : "audits.lacksNow") : ""}</span>
      )}
      {verdict.item?.kind === "record" ? <span>{t("audits.found", { count: state?.have ?? 0 })}</span> : null}
      <RecordLink
        object={object.name}
        id={row.id}
        tab={tab && object.children.some((child) => child.name === tab) ? tab : "timeline"}
        className={styles.link}
      >
        {t("audits.look")}
      </RecordLink>
    </p>
  );
}
