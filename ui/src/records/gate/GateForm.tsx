import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { ArrowRight, PartyPopper } from "lucide-react";
import { useState } from "react";

import { ApiError, isGateBlocked } from "@/api/client";
import { keys, records } from "@/api/records";
import type { GateReason, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, pipelineOf, stageOf, useCatalog, useObject } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { Panel } from "@/design/Panel";
import { FieldInput } from "@/fields/Input";
import { toWire } from "@/fields/wire";

import { spoilRecords } from "../cache";
import { useDraft } from "../draft";
import { recordQuery } from "../query";
import { titleOf } from "../summary";
import type { GateRequest } from "./context";
import { type Demand, demandOfReason } from "./deliverable";
import { DemandItem } from "./DemandItem";
import styles from "./gate.module.css";
import { useMove, useMoveTold } from "./move";
import { OverrideBox } from "./OverrideBox";

interface Props {
  request: GateRequest;
  onClosed: () => void;
}

export function GateForm({ request, onClosed }: Props) {
  const object = useObject(request.object);
  return object ? <Gate object={object} request={request} onClosed={onClosed} /> : null;
}

/** Exactly what is missing for a move. Once it is there, the move is tried again by itself. */
function Gate({ object, request, onClosed }: Props & { object: ObjectDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const pipeline = pipelineOf(useCatalog(), object);
  const stage = stageOf(pipeline, request.to);
  const [open, setOpen] = useState(true);
  const [busy, setBusy] = useState(false);
  const [reason, setReason] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [seen, setSeen] = useState(request.reasons);
  const { row, answer } = useGateState(object, request);
  const draft = useDraft(row);
  const move = useMove(object);
  const told = useMoveTold(object);
  const missing = answer ?? request.reasons;
  const demands = [...seen, ...missing.filter((one) => !seen.some((known) => same(known, one)))].map((one) =>
    demandOfReason(one, pipeline, say, !missing.some((left) => same(left, one))),
  );
  const softLeft = demands.some((demand) => !demand.hard && !demand.met && !isFilled(demand, draft.values));
  const blocked = demands.some((demand) => demand.hard && !demand.met && !isFilled(demand, draft.values));

  const advance = async (override?: string) => {
    const { changes } = draft;
    setBusy(true);
    setErrors({});
    try {
      let current = row;
      if (draft.dirty) {
        current = await records.update(object.name, row.id, row.version, toWire(object, changes));
        draft.sent(changes);
      }
      const moved = await records.move(object.name, row.id, current.version, {
        to: request.to,
        ...(softLeft && reason.trim() ? { reason: reason.trim() } : {}),
        ...(override ? { override_reason: override } : {}),
      });
      told(row, moved, move);
      setOpen(false);
      request.onMoved?.(moved);
    } catch (error) {
      if (isGateBlocked(error)) {
        const left = error.reasons as GateReason[];
        setSeen((known) => [...known, ...left.filter((one) => !known.some((old) => same(old, one)))]);
        void message.warning(t("gate.still", { count: left.length }));
      } else if (error instanceof ApiError) {
        setErrors(error.byField());
        void message.error(messageOf(error));
      } else throw error;
    } finally {
      setBusy(false);
      void spoilRecords(client);
    }
  };

  const part = (hard: boolean) => demands.filter((demand) => demand.hard === hard);
  const list = (items: Demand[]) => (
    <ul className={styles.list}>
      {items.map((demand) => (
        <DemandItem
          key={demand.key}
          object={object}
          row={row}
          demand={demand}
          editable
          fieldInput={
            <GateField object={object} row={row} demand={demand} draft={draft} error={errors[demand.field ?? ""]} />
          }
        />
      ))}
    </ul>
  );
  return (
    <Panel
      open={open}
      width={480}
      title={t("gate.title", { stage: say(stage?.label) })}
      onClose={() => setOpen(false)}
      onClosed={onClosed}
      footer={
        <div className={styles.footer}>
          <span className={styles.progress}>
            {t("gate.progress", { done: demands.filter((demand) => demand.met).length, total: demands.length })}
          </span>
          <Button onClick={() => setOpen(false)}>{t("action.later")}</Button>
          <Button
            type="primary"
            loading={busy}
            disabled={blocked || (softLeft && !reason.trim())}
            icon={<ArrowRight size={15} />}
            iconPlacement="end"
            onClick={() => void advance()}
          >
            {t("gate.advance")}
          </Button>
        </div>
      }
    >
      <p className={styles.lead}>
        <strong>{titleOf(object, row)}</strong>
        {blocked || softLeft ? t("gate.lead") : t("gate.ready")}
      </p>
      {!blocked && !softLeft ? (
        <p className={styles.ready}>
          <PartyPopper size={16} aria-hidden /> {t("gate.readyHint")}
        </p>
      ) : null}
      {part(true).length > 0 ? (
        <section>
          <h3 className={styles.heading}>{t("gate.hardTitle")}</h3>
          {list(part(true))}
        </section>
      ) : null}
      {part(false).length > 0 ? (
        <section>
          <h3 className={styles.heading}>{t("gate.softTitle")}</h3>
          {list(part(false))}
          {softLeft ? (
            <label className={styles.reason}>
              {t("gate.reason")}
              <Input.TextArea
                value={reason}
                autoSize={{ minRows: 2, maxRows: 5 }}
                placeholder={t("gate.reasonPlaceholder")}
                onChange={(event) => setReason(event.target.value)}
              />
            </label>
          ) : null}
        </section>
      ) : null}
      {object.can.override_gate && blocked ? <OverrideBox busy={busy} onOverride={(why) => void advance(why)} /> : null}
    </Panel>
  );
}

interface GateFieldProps {
  object: ObjectDefinition;
  row: Row;
  demand: Demand;
  draft: ReturnType<typeof useDraft>;
  error?: string;
}

function GateField({ object, demand, draft, error }: GateFieldProps) {
  const say = useLabel();
  const field = demand.field ? fieldOf(object, demand.field) : null;
  if (!field) return null;
  return (
    <>
      <label htmlFor={`gate-${field.name}`} className="sr-only">
        {say(field.label)}
      </label>
      <FieldInput
        id={`gate-${field.name}`}
        object={object}
        field={field}
        value={draft.values[field.name]}
        values={draft.values}
        invalid={Boolean(error)}
        onChange={draft.set}
      />
      {error ? <p className={styles.error}>{error}</p> : null}
    </>
  );
}

/** The record and what its gate says now; both are read again whenever something was written. */
function useGateState(object: ObjectDefinition, request: GateRequest): { row: Row; answer: GateReason[] | undefined } {
  const { id } = request.row;
  const { data: row } = useQuery(recordQuery(object, id));
  const { data: answer } = useQuery({
    queryKey: [...keys.gate(object.name, id), request.to],
    queryFn: () => records.gateTo(object.name, id, request.to),
  });
  return { row: row ?? request.row, answer: answer?.reasons };
}

function same(one: GateReason, other: GateReason): boolean {
  return one.stage === other.stage && one.deliverable === other.deliverable;
}

function isFilled(demand: Demand, values: Record<string, unknown>): boolean {
  if (demand.kind !== "field" || !demand.field) return false;
  const value = values[demand.field];
  return value !== null && value !== undefined && value !== "";
}
