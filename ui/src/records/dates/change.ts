import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";

import { isStale } from "@/api/client";
import { records } from "@/api/records";
import type { ObjectDefinition, Row, Values } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { toWire } from "@/fields/wire";

import { spoilRecords } from "../cache";
import { useUndoable } from "../undo";

/** Changes a few values of a record at once; `told` is what the toast says, with the way back in it. False: refused. */
export function useChange(): (object: ObjectDefinition, row: Row, changes: Values, told: string) => Promise<boolean> {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const undoable = useUndoable();
  const write = async (object: ObjectDefinition, row: Row, changes: Values) => {
    try {
      return await records.update(object.name, row.id, row.version, toWire(object, changes));
    } catch (error) {
      void message.error(isStale(error) ? t("form.staleShort") : messageOf(error) || t("error.offline"));
      return null;
    } finally {
      await spoilRecords(client);
    }
  };
  return async (object, row, changes, told) => {
    const written = await write(object, row, changes);
    if (!written) return false;
    const before = Object.fromEntries(Object.keys(changes).map((name) => [name, row[name] ?? null]));
    undoable(told, () => void write(object, { ...row, version: written.version }, before));
    return true;
  };
}
