import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";

import { useHotkeys } from "@/app/hotkeys";
import type { ListQuery } from "@/api/records";
import type { Density } from "@/api/views";
import type { Field, ObjectDefinition, Row } from "@/api/types";
import { usePhone } from "@/design/media";

import type { Rows } from "../query";
import { Cards } from "./Cards";
import { useCellEditing } from "./edit/useCellEditing";
import { Grid } from "./Grid";
import { Foot } from "./grid/Foot";
import type { Cursor } from "./grid/lines";
import type { Grouping } from "./grid/useGroupedRows";
import styles from "./list.module.css";
import type { Selection } from "./selection";
import { useHeldOrder } from "./useHeldOrder";

const SelectionBar = lazy(() => import("./SelectionBar").then((module) => ({ default: module.SelectionBar })));
const Preview = lazy(() => import("./Preview").then((module) => ({ default: module.Preview })));
const ConflictDialog = lazy(() =>
  import("./edit/ConflictDialog").then((module) => ({ default: module.ConflictDialog })),
);

interface Props {
  object: ObjectDefinition;
  fields: Field[];
  result: Rows;
  query: ListQuery;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  selection: Selection;
  density: Density;
  widths: Record<string, number>;
  onWidths: (widths: Record<string, number>) => void;
  by: Field | null;
  grouping: Grouping | null;
}

/** The records of an object as a table that is moved through and edited by keyboard; on a phone as cards. */
export function MetaList(props: Props) {
  const { object, fields, selection, grouping } = props;
  const phone = usePhone();
  const navigate = useNavigate();
  const [cursor, setCursor] = useState<Cursor>({ id: null, field: null });
  const [peeking, setPeeking] = useState(false);
  const goTo = (id: string, field: string) => {
    const found = props.result.rows.some((one) => one.id === id) && fields.some((one) => one.name === field);
    if (found) setCursor({ id, field });
    return found;
  };
  const editing = useCellEditing(object, goTo);
  const held = useHeldOrder(props.result.rows, editing.current !== null, JSON.stringify(props.query));
  const rows = grouping ? props.result.rows : held;
  const result = { ...props.result, rows };
  const place = useMemo(() => rows.findIndex((one) => one.id === cursor.id), [rows, cursor.id]);
  const row = rows[place];
  const open = useCallback(
    (one: Row) => void navigate({ to: "/records/$object/$id", params: { object: object.name, id: one.id } }),
    [navigate, object.name],
  );
  const peek = useCallback((id: string) => {
    setCursor({ id, field: null });
    setPeeking(true);
  }, []);
  const step = (by: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, place + by))];
    if (next) setCursor((now) => ({ ...now, id: next.id }));
  };
  const sideways = (by: number) => {
    const next = fields.findIndex((field) => field.name === cursor.field) + by;
    const field = fields[Math.min(next, fields.length - 1)];
    setCursor({ id: row?.id ?? rows[0]?.id ?? null, field: field?.name ?? null });
  };
  const edit = () => {
    if (!row) return;
    const field = fields.find((one) => one.name === cursor.field) ?? fields.find((one) => editing.acts.may(row, one));
    if (!field || !editing.acts.may(row, field)) return;
    setCursor((now) => ({ ...now, field: field.name }));
    editing.acts.start(row, field);
  };
  const pressed = (work: () => void) => (event: KeyboardEvent) => {
    if (editing.current) return;
    event.preventDefault();
    work();
  };
  const atBody = (event: KeyboardEvent) => event.target === document.body || (event.target as Element).id === "main";
  useHotkeys(
    {
      j: pressed(() => step(1)),
      ArrowDown: pressed(() => step(1)),
      k: pressed(() => step(-1)),
      ArrowUp: pressed(() => step(-1)),
      ArrowRight: pressed(() => sideways(1)),
      ArrowLeft: pressed(() => sideways(-1)),
      e: pressed(edit),
      F2: pressed(edit),
      Enter: (event) => {
        if (!row || !atBody(event)) return;
        if (cursor.field) pressed(edit)(event);
        else open(row);
      },
      " ": (event) => {
        if (row && atBody(event)) pressed(() => setPeeking((now) => !now))(event);
      },
      x: () => {
        if (row) selection.toggle(row.id);
      },
      Escape: () => {
        if (editing.current) editing.acts.stop();
        else if (peeking) setPeeking(false);
        else if (cursor.field) setCursor((now) => ({ ...now, field: null }));
        else {
          selection.clear();
          setCursor({ id: null, field: null });
        }
      },
    },
    !phone,
  );
  const peeked = peeking && !phone ? row : undefined;
  return (
    <>
      {phone ? (
        <Cards object={object} fields={fields} result={result} by={props.by} grouping={grouping} onOpen={open} />
      ) : (
        <div className={styles.split}>
          <Grid
            object={object}
            fields={fields}
            result={result}
            sort={props.sort}
            onSort={props.onSort}
            selection={selection}
            active={place}
            onOpen={open}
            density={props.density}
            widths={props.widths}
            onWidths={props.onWidths}
            by={props.by}
            grouping={grouping}
            cursorField={cursor.field}
            onPoint={setCursor}
            onPeek={peek}
            editing={editing}
            foot={
              <Foot
                object={object}
                fields={fields}
                result={result}
                query={props.query}
                groups={grouping?.groups ?? null}
                filled={props.widths[object.title] !== undefined}
              />
            }
          />
          {peeked ? (
            <Suspense>
              <Preview object={object} row={peeked} onClose={() => setPeeking(false)} />
            </Suspense>
          ) : null}
        </div>
      )}
      {selection.ids.size > 0 ? (
        <Suspense>
          <SelectionBar object={object} result={result} selection={selection} />
        </Suspense>
      ) : null}
      {editing.conflict ? (
        <Suspense>
          <ConflictDialog object={object} conflict={editing.conflict} onSettle={editing.settle} />
        </Suspense>
      ) : null}
    </>
  );
}
