import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";

import { isGateBlocked, isStale } from "@/api/client";
import { records } from "@/api/records";
import type { GateReason, ObjectDefinition, Row } from "@/api/types";
import { pipelineOf, stageOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";

import { spoilRecords } from "../cache";
import { useGateForm } from "./context";

export type MoveResult = "moved" | "gate" | "failed";

/** Moves a record to a stage; where the gate is shut, opens the form of what is missing. */
export function useMove(
  object: ObjectDefinition,
): (row: Row, to: string, onMoved?: (row: Row) => void) => Promise<MoveResult> {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const say = useLabel();
  const client = useQueryClient();
  const catalog = useCatalog();
  const openGate = useGateForm();
  return async (row, to, onMoved) => {
    try {
      const moved = await records.move(object.name, row.id, row.version, { to });
      const stage = stageOf(pipelineOf(catalog, object), to);
      void message.success(t("gate.moved", { stage: say(stage?.label) }));
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
}
