import { useQueryClient } from "@tanstack/react-query";
import { App, Checkbox } from "antd";
import { CircleCheck, CircleDashed, CircleSlash2 } from "lucide-react";
import { type ReactNode, useState } from "react";

import { records } from "@/api/records";
import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";
import { Dropzone } from "@/design/Dropzone";
import { messageOf } from "@/design/Failure";
import { useFiling } from "@/outbox/useFiling";

import { spoilRecords } from "../cache";
import type { Demand } from "./deliverable";
import { FormLink } from "./FormLink";
import styles from "./gate.module.css";
import { RecordWay } from "./RecordWay";
import { Signed, SignatureWay } from "./SignatureWay";

interface Props {
  object: ObjectDefinition;
  row: Row;
  demand: Demand;
  /** Passed on an override: neither met nor waiting. */
  unproven?: boolean;
  /** The way to meet it can be shown, not only its state. */
  editable: boolean;
  /** What fills a field deliverable. */
  fieldInput?: ReactNode;
}

/** One deliverable: its state, and the way to meet it right here. */
export function DemandItem({ object, row, demand, unproven, editable, fieldInput }: Props) {
  const { t } = useTranslation();
  const state = demand.met ? "met" : unproven ? "unproven" : "open";
  return (
    <li className={cx(styles.demand, styles[state])}>
      {demand.kind === "checklist" && editable ? (
        <Tick object={object} row={row} demand={demand} />
      ) : (
        <StateIcon state={state} label={t(`gate.state.${state}`)} />
      )}
      <div className={styles.body}>
        <p className={styles.name}>
          <span>{demand.label}</span>
          {demand.count > 1 ? <span className={styles.count}>{`${demand.have}/${demand.count}`}</span> : null}
          {demand.hard ? null : <span className={styles.soft}>{t("gate.soft")}</span>}
        </p>
        {demand.met ? null : <p className={styles.hint}>{demand.hint}</p>}
        {demand.met && demand.signature ? <Signed signature={demand.signature} /> : null}
        {!demand.met && editable ? <Way object={object} row={row} demand={demand} fieldInput={fieldInput} /> : null}
      </div>
    </li>
  );
}

function StateIcon({ state, label }: { state: "met" | "unproven" | "open"; label: string }) {
  const Icon = { met: CircleCheck, unproven: CircleSlash2, open: CircleDashed }[state];
  return <Icon size={17} strokeWidth={1.9} className={styles.icon} role="img" aria-label={label} />;
}

function Tick({ object, row, demand }: Pick<Props, "object" | "row" | "demand">) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const tick = async (done: boolean) => {
    setBusy(true);
    try {
      await records.substep(object.name, row.id, demand.name, done);
      await spoilRecords(client);
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Checkbox
      className={styles.tick}
      aria-label={demand.label}
      checked={demand.met}
      disabled={busy}
      onChange={(event) => void tick(event.target.checked)}
    />
  );
}

function Way({ object, row, demand, fieldInput }: Pick<Props, "object" | "row" | "demand" | "fieldInput">) {
  if (demand.kind === "file") return <FileWay object={object} row={row} demand={demand} />;
  if (demand.kind === "signature") return <SignatureWay object={object} row={row} demand={demand} />;
  if (demand.kind === "record") return <RecordWay object={object} row={row} demand={demand} />;
  if (demand.kind === "field" && fieldInput) return <div className={styles.way}>{fieldInput}</div>;
  return null;
}

function FileWay({ object, row, demand }: Pick<Props, "object" | "row" | "demand">) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  const put = useFiling(object, row);
  const [busy, setBusy] = useState(false);
  const upload = async (files: File[]) => {
    setBusy(true);
    try {
      for (const file of files) await put(demand.fileKind ?? demand.name, file);
      await spoilRecords(client);
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.way}>
      <Dropzone compact title={t("file.drop")} multiple busy={busy} onFiles={(files) => void upload(files)} />
      <FormLink object={object} row={row} demand={demand} />
    </div>
  );
}
