import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import type { Field, ObjectDefinition, Row, Values } from "@/api/types";
import { useStable } from "@/app/stable";
import { useTranslation } from "@/app/translation";
import { fieldOf, isWritable, may, pipelineOf, useCatalog } from "@/catalog/catalog";
import { isLocked, isVisible } from "@/catalog/condition";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { sameValue } from "@/fields/wire";

import { spoilRecords } from "../../cache";
import { useMove } from "../../gate/move";
import { fieldsOf } from "../../merging";
import { knownRow, patchRow } from "../../patch";
import { titleOf } from "../../summary";
import { useUndoable } from "../../undo";
import { plain, saveChanges } from "./saving";
import { useRefused } from "./useRefused";

const ELSEWHERE = ["json", "file", "files", "photo", "signature", "location"];

export interface EditedCell {
  id: string;
  field: string;
  /** What was typed before the server refused it, and why it did. */
  draft?: Values;
  error?: string;
}

export interface Conflict {
  row: Row;
  current: Row;
  changes: Values;
  fields: string[];
}

/** What can be done to cells; the same ones while a list is shown, so that rows are not drawn anew for it. */
export interface CellActs {
  /** Whether anything at all can be edited in the list. */
  any: boolean;
  may: (row: Row, field: Field) => boolean;
  start: (row: Row, field: Field) => void;
  stop: () => void;
  save: (row: Row, changes: Values) => void;
  /** Goes on to the next cell of the row that can be edited. */
  next: (row: Row, fields: readonly Field[], from: string, back: boolean) => void;
}

export interface CellEditing {
  acts: CellActs;
  current: EditedCell | null;
  conflict: Conflict | null;
  /** Ends a conflict: `mine` are the fields in which one's own value wins. */
  settle: (mine: readonly string[]) => void;
}

/**
 * Editing in the cells of a list. A refusal opens the cell again with what was typed, or says so where another one is
 * open by then; saved changes can be taken back. `goTo` brings a cell into view, and says whether it could.
 */
export function useCellEditing(object: ObjectDefinition, goTo: (id: string, field: string) => boolean): CellEditing {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const offer = useUndoable();
  const move = useMove(object);
  const staged = pipelineOf(useCatalog(), object)?.field;
  const any = may(object, "update");
  const [current, setCurrent] = useState<EditedCell | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const tell = useRefused(object);
  const goThere = useStable(goTo);
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);

  const mayEdit = useCallback(
    (row: Row, field: Field) =>
      any &&
      !row.archived_at &&
      isWritable(field) &&
      !ELSEWHERE.includes(field.stored_type) &&
      isVisible(field, row) &&
      !isLocked(field, row),
    [any],
  );

  const refused = useStable((row: Row, changes: Values, error: unknown): void => {
    const [field] = fieldsOf(object, Object.keys(changes));
    const why = messageOf(error) || t("error.offline");
    if (!field) return void message.error(why);
    const cell: EditedCell = { id: row.id, field, draft: changes, error: why };
    if (shown.current && current === null) return setCurrent(cell);
    tell(row, cell, () => {
      const found = shown.current && goThere(cell.id, cell.field);
      if (found) setCurrent(cell);
      return found;
    });
  });

  const write = async (row: Row, changes: Values): Promise<void> => {
    const done = await saveChanges(client, object, row, changes);
    if (done.state === "conflict") {
      setConflict({ row, current: done.current, changes, fields: done.fields });
    } else if (done.state === "refused") {
      refused(row, changes, done.error);
    } else {
      const [name = ""] = fieldsOf(object, Object.keys(changes));
      const label = say(fieldOf(object, name)?.label);
      offer(t("list.cellSaved", { field: label }), () => void takeBack(row.id, done.before, done.row));
    }
  };

  const takeBack = async (id: string, before: Values, after: Row): Promise<void> => {
    const row = knownRow(client, object.name, id) ?? after;
    const done = await saveChanges(client, object, row, before);
    if (done.state === "saved") void message.success(t("list.undone", { title: titleOf(object, row) }));
    else if (done.state === "conflict") setConflict({ row, current: done.current, changes: before, fields: done.fields });
    else void message.error(messageOf(done.error) || t("error.offline"));
  };

  const save = (row: Row, changes: Values): void => {
    const changed = Object.fromEntries(
      Object.entries(changes).filter(([name, value]) => !sameValue(value, row[name] ?? null)),
    );
    if (Object.keys(changed).length === 0) return;
    if (staged && staged in changed) void move(row, String(changed[staged]));
    else void write(row, changed);
  };

  const saveNow = useStable(save);
  const acts = useMemo<CellActs>(
    () => ({
      any,
      may: mayEdit,
      start: (row, field) => {
        if (mayEdit(row, field)) setCurrent({ id: row.id, field: field.name });
      },
      stop: () => setCurrent(null),
      save: saveNow,
      next: (row, fields, from, back) => {
        const order = back ? [...fields].reverse() : fields;
        const place = order.findIndex((field) => field.name === from);
        const field = order.slice(place + 1).find((one) => mayEdit(row, one));
        setCurrent(field ? { id: row.id, field: field.name } : null);
      },
    }),
    [any, mayEdit, saveNow],
  );

  const settle = (mine: readonly string[]): void => {
    setConflict(null);
    if (!conflict) return;
    const { row, current: theirs, changes } = conflict;
    const base = { ...row, ...plain(object, theirs) } as Row;
    patchRow(client, object.name, row.id, plain(object, theirs));
    const kept = Object.fromEntries(
      Object.entries(changes).filter(([name]) => mine.includes(name) || !conflict.fields.includes(name)),
    );
    if (Object.keys(kept).length > 0) save(base, kept);
    else void spoilRecords(client);
  };

  return { acts, current, conflict, settle };
}
