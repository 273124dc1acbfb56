import { useNavigate } from "@tanstack/react-router";
import { App, Button } from "antd";

import type { ObjectDefinition, Row } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";

import { keep, kept, placeOf } from "../../keeping";
import { titleOf } from "../../summary";
import type { EditedCell } from "./useCellEditing";

type Tell = (row: Row, cell: EditedCell, reopen: () => boolean) => void;

/**
 * Tells that a cell was not saved, until it is heard. The way back is `reopen`; where it finds the cell gone (it says
 * false), what was typed waits on the page of the record.
 */
export function useRefused(object: ObjectDefinition): Tell {
  const { t } = useTranslation();
  const say = useLabel();
  const { notification } = App.useApp();
  const { user } = useSession();
  const navigate = useNavigate();
  const openRecord = (row: Row, { draft = {} }: EditedCell) => {
    const place = placeOf(user.id, object.name, row.id);
    const before = kept(place);
    const base = Object.fromEntries(Object.keys(draft).map((name) => [name, row[name] ?? null]));
    keep(place, {
      version: before?.version ?? row.version,
      base: { ...base, ...before?.base },
      changes: { ...before?.changes, ...draft },
    });
    void navigate({ to: "/records/$object/$id", params: { object: object.name, id: row.id } });
  };
  return (row, cell, reopen) => {
    const key = `${row.id}/${cell.field}`;
    const again = () => {
      notification.destroy(key);
      if (!reopen()) openRecord(row, cell);
    };
    notification.error({
      key,
      duration: false,
      title: t("list.cellRefused", { title: titleOf(object, row), field: say(fieldOf(object, cell.field)?.label) }),
      description: cell.error,
      actions: (
        <Button size="small" onClick={again}>
          {t("list.cellAgain")}
        </Button>
      ),
    });
  };
}
