import { type ReactNode, useDeferredValue, useEffect, useMemo, useRef } from "react";

import type { Density } from "@/api/views";
import type { Field, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, may } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { grows, widthOf } from "@/fields/kinds";

import type { Rows } from "../query";
import type { CellEditing } from "./edit/useCellEditing";
import styles from "./grid/grid.module.css";
import { BoneRow, GridRow } from "./grid/GridRow";
import { GroupRow } from "./grid/GroupRow";
import { Heads } from "./grid/Heads";
import { type Cursor, type Line, plainLines } from "./grid/lines";
import type { Grouping } from "./grid/useGroupedRows";
import { useWindow } from "./grid/window";
import { ROW_HEIGHT } from "./look";
import { Sentinel } from "./Sentinel";
import type { Selection } from "./selection";

const TITLE_WIDTH = 240;
const TICK_WIDTH = 44;
const MARGIN_WIDTH = 14;
const HEAD_HEIGHT = 34;
const FOOT_HEIGHT = 34;
const AHEAD = 6;
const NO_LINES: readonly Line[] = [];

interface Props {
  object: ObjectDefinition;
  fields: Field[];
  result: Rows;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  selection: Selection;
  active: number;
  onOpen: (row: Row) => void;
  density?: Density;
  widths?: Record<string, number>;
  onWidths?: (widths: Record<string, number>) => void;
  by?: Field | null;
  grouping?: Grouping | null;
  cursorField?: string | null;
  onPoint?: (cursor: Cursor) => void;
  /** Shows a record beside the list. */
  onPeek?: (id: string) => void;
  editing?: CellEditing | null;
  foot?: ReactNode;
}

/** Records as a table of which only what is in view is drawn; with groups, figures and cells to edit where asked for. */
export function Grid(props: Props) {
  const { object, fields, result, selection, active, density = "normal", widths, by, grouping, foot } = props;
  const { t } = useTranslation();
  const say = useLabel();
  const place = useRef<HTMLDivElement>(null);
  const { rows } = result;
  const lines = useMemo<readonly Line[]>(() => grouping?.lines ?? plainLines(rows), [grouping?.lines, rows]);
  /** Rows follow a moment later, bit by bit: who pressed something sees at once that it was heard. */
  const drawn = useDeferredValue(lines, NO_LINES);
  const height = ROW_HEIGHT[density];
  const view = useWindow(place, lines.length, height, HEAD_HEIGHT, foot ? FOOT_HEIGHT : 0);
  const selectable = may(object, "bulk");
  const title = fieldOf(object, object.title);
  const titleWidth = widths?.[object.title];
  const wide = (field: Field) => widths?.[field.name] ?? widthOf(field);
  const total = fields.reduce((sum, field) => sum + wide(field), (titleWidth ?? TITLE_WIDTH) + TICK_WIDTH);
  const growing = titleWidth ? [] : fields.filter((field) => !widths?.[field.name] && grows(field));
  const share = (least: number) => `calc(${least}px + max(0px, 100cqw - ${total}px) / ${growing.length + 1})`;
  const frontier = useMemo(() => lines.findLastIndex((line) => line.kind === "row"), [lines]);
  useEffect(() => {
    if (result.ready && view.to + AHEAD > frontier) result.fetchMore();
  });
  const activeLine = useMemo(
    () => lines.findIndex((line) => line.kind === "row" && line.index === active),
    [lines, active],
  );
  useEffect(() => {
    if (activeLine >= 0) view.show(activeLine);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only a move of the cursor scrolls
  }, [rows[active]?.id]);
  const span = fields.length + (titleWidth ? 3 : 2);
  return (
    <div ref={place} className={styles.scroll}>
      <table
        className={cx(
          styles.grid,
          styles[density],
          result.stale && styles.stale,
          view.wide && styles.wide,
          !selectable && styles.unselectable,
        )}
        style={{ minWidth: total }}
        aria-label={say(object.plural)}
        aria-rowcount={result.more ? -1 : lines.length + 1}
      >
        <colgroup>
          <col style={{ width: selectable ? TICK_WIDTH : MARGIN_WIDTH }} />
          <col style={{ width: titleWidth ?? share(TITLE_WIDTH) }} />
          {fields.map((field) => (
            <col key={field.name} style={{ width: growing.includes(field) ? share(wide(field)) : wide(field) }} />
          ))}
          {titleWidth ? <col /> : null}
        </colgroup>
        <Heads
          object={object}
          title={title}
          fields={fields}
          rows={rows}
          selection={selection}
          selectable={selectable}
          sort={props.sort}
          onSort={props.onSort}
          onWidths={props.onWidths}
          filled={Boolean(titleWidth)}
        />
        <tbody>
          {result.loading ? (
            Array.from({ length: 14 }, (_, index) => <BoneRow key={index} index={index} fields={fields} />)
          ) : (
            <>
              <Gap lines={view.from} height={height} span={span} />
              {drawn.slice(view.from, view.to).map((line, offset) =>
                line.kind === "group" ? (
                  by && grouping ? (
                    <GroupRow
                      key={`group-${line.group.key}`}
                      object={object}
                      by={by}
                      group={line.group}
                      folded={line.folded}
                      fields={fields}
                      rows={rows}
                      filled={Boolean(titleWidth)}
                      onToggle={grouping.toggle}
                    />
                  ) : null
                ) : (
                  <GridRow
                    key={line.row.id}
                    object={object}
                    fields={fields}
                    row={line.row}
                    line={view.from + offset}
                    active={line.index === active}
                    pointed={line.index === active ? (props.cursorField ?? null) : null}
                    selected={selection.ids.has(line.row.id)}
                    filled={Boolean(titleWidth)}
                    onTick={selectable ? selection.toggle : undefined}
                    onOpen={props.onOpen}
                    onPoint={props.onPoint}
                    onPeek={props.onPeek}
                    editing={props.editing?.acts ?? null}
                    edited={props.editing?.current?.id === line.row.id ? props.editing.current : null}
                  />
                ),
              )}
              {/* Another one where rows came in its place: moved, it would count as something that jumped. */}
              <Gap key={drawn.length} lines={lines.length - Math.min(view.to, drawn.length)} height={height} span={span} />
            </>
          )}
        </tbody>
        {foot && !result.loading ? <tfoot>{foot}</tfoot> : null}
      </table>
      <Sentinel result={result} />
      <span className="sr-only" role="status">
        {result.fetchingMore ? t("state.loading") : ""}
      </span>
    </div>
  );
}

/** Room for lines that are not drawn. */
function Gap({ lines, height, span }: { lines: number; height: number; span: number }) {
  if (lines <= 0) return null;
  return (
    <tr aria-hidden className={styles.gap}>
      <td colSpan={span} style={{ height: lines * height }} />
    </tr>
  );
}
