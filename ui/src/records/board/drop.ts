import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";

import { isStale } from "@/api/client";
import { type ListQuery, records } from "@/api/records";
import type { Field, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";

import { spoilRecords } from "../cache";
import { useMove } from "../gate/move";
import { useUndoable } from "../undo";
import type { Column } from "./columns";
import { figuresRequest } from "./figures";
import { moveCard } from "./optimism";

/**
 * Puts a card down in a column: it moves at once, and goes back when the server refuses.
 *
 * Over stages the move goes through the gates; over another field it is a change like any other. Both can be taken back.
 */
export function useDrop(
  object: ObjectDefinition,
  by: Field,
  query: ListQuery,
  summed: Field[],
): (row: Row, to: Column, full: boolean) => Promise<void> {
  const { message } = App.useApp();
  const { t } = useTranslation();
  const say = useLabel();
  const client = useQueryClient();
  const undoable = useUndoable();
  const staged = pipelineOf(useCatalog(), object)?.field === by.name;
  const move = useMove(object);
  const board = { object: object.name, by: by.name, query, figures: figuresRequest(by.name, summed, query) };
  const nameOf = (column: Column) => (column.label ? say(column.label) : t("board.unset"));

  const write = async (row: Row, value: string | null) => {
    const putBack = moveCard(client, board, row, value);
    try {
      return await records.update(object.name, row.id, row.version, { [by.name]: value });
    } catch (error) {
      putBack();
      void message.error(isStale(error) ? t("form.staleShort") : messageOf(error));
      return null;
    } finally {
      void spoilRecords(client);
    }
  };
  return async (row, column, full) => {
    if (full) {
      void message.warning(t("board.full", { column: nameOf(column), limit: column.limit }));
      return;
    }
    if (staged && column.value !== null) {
      const putBack = moveCard(client, board, row, column.value);
      if (!["moved", "kept"].includes(await move(row, column.value))) putBack();
      return;
    }
    const written = await write(row, column.value);
    if (!written) return;
    const before = (row[by.name] as string | null) ?? null;
    undoable(t("board.put", { column: nameOf(column) }), () => void write({ ...row, ...written }, before));
  };
}
