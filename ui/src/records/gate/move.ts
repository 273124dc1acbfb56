import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";

import { isGateBlocked, isStale } from "@/api/client";
import { records } from "@/api/records";
import type { GateReason, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { pipelineOf, stageOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { moveOrKeep } from "@/outbox/write";

import { spoilRecords } from "../cache";
import { titleOf } from "../summary";
import { useUndoable } from "../undo";
import { useGateForm } from "./context";

export type MoveResult = "moved" | "kept" | "gate" | "failed";
export type MoveRecord = (row: Row, to: string, onMoved?: (row: Row) => void) => Promise<MoveResult>;

/**
 * Moves a record to a stage; where the gate is shut, opens the form of what is missing.
 *
 * A move can be taken back, through the same gates: undoing is a move to where the record came from. Without a network it
 * waits, and meets the gate when it is sent.
 */
export function useMove(object: ObjectDefinition): MoveRecord {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const openGate = useGateForm();
  const told = useMoveTold(object);
  const field = pipelineOf(useCatalog(), object)?.field ?? "";
  const move: MoveRecord = async (row, to, onMoved) => {
    try {
      const about = { object: object.name, record: row.id, title: titleOf(object, row) };
      const moved = await moveOrKeep(about, row.version, field, String(row[field] ?? ""), to);
      if (moved === null) {
        void message.info(t("outbox.kept"));
        return "kept";
      }
      told(row, moved, move);
      await spoilRecords(client);
      onMoved?.(moved);
      return "moved";
    } catch (error) {
      if (isGateBlocked(error)) {
        openGate({ object: object.name, row, to, reasons: error.reasons as GateReason[], onMoved });
        return "gate";
      }
      void message.error(isStale(error) ? t("form.staleShort") : messageOf(error) || t("error.offline"));
      if (isStale(error)) void spoilRecords(client);
      return "failed";
    }
  };
  return move;
}

/** Says that a record has come to its stage, and offers to take it back to where it was. */
export function useMoveTold(object: ObjectDefinition): (before: Row, moved: Row, move: MoveRecord) => void {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const say = useLabel();
  const pipeline = pipelineOf(useCatalog(), object);
  const undoable = useUndoable();
  return (before, moved, move) => {
    const field = pipeline?.field ?? "";
    const from = stageOf(pipeline, before[field]);
    const text = t("gate.moved", { stage: say(stageOf(pipeline, moved[field])?.label) });
    const back = async (to: string) => {
      const now = await records.get(object.name, moved.id, "");
      if (now[field] === moved[field]) await move(now, to);
      else void message.info(t("gate.movedOn"));
    };
    if (!from || from.name === moved[field]) void message.success(text);
    else undoable(text, () => void back(from.name).catch((error: unknown) => message.error(messageOf(error))));
  };
}
