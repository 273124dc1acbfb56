import { Button, Tooltip } from "antd";
import { History, Info, Lock, PencilLine } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";

import type { Field, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { isWritable } from "@/catalog/catalog";
import { isLocked } from "@/catalog/condition";
import { useHelp, useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { Cell } from "@/fields/Cell";
import { FieldInput } from "@/fields/Input";

import type { Draft } from "../draft";
import styles from "./properties.module.css";

interface Props {
  object: ObjectDefinition;
  field: Field;
  row: Row;
  draft: Draft;
  editable: boolean;
  editing: boolean;
  error?: string;
  /** Somebody else has just changed it. */
  fresh?: boolean;
  /** Somebody else changed it while one was at it. */
  collides?: boolean;
  onSettle: (mine: boolean) => void;
  onHistory: () => void;
  onEdit: () => void;
  onLeave: () => void;
}

const OVERLAYS = ".ant-select-dropdown, .ant-picker-dropdown, .ant-dropdown";

/** A field with its value; pressing the value turns it into an input. */
export function Property({
  object,
  field,
  row,
  draft,
  editable,
  editing,
  error,
  fresh,
  collides,
  onSettle,
  onHistory,
  onEdit,
  onLeave,
}: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const help = useHelp()(field);
  const place = useRef<HTMLDivElement>(null);
  const locked = field.readonly || isLocked(field, row);
  const writable = editable && isWritable(field) && !locked;
  const id = `edit-${field.name}`;
  const wide = ["long_text", "json", "files"].includes(field.stored_type);
  const value = draft.values[field.name];
  useEffect(() => {
    if (!editing) return;
    const press = (event: PointerEvent) => {
      const target = event.target as HTMLElement;
      if (!place.current?.contains(target) && !target.closest(OVERLAYS)) onLeave();
    };
    document.addEventListener("pointerdown", press);
    return () => document.removeEventListener("pointerdown", press);
  }, [editing, onLeave]);
  const keyDown = (event: KeyboardEvent) => {
    if (
      event.key === "Escape" ||
      (event.key === "Enter" && !event.nativeEvent.isComposing && field.stored_type !== "long_text")
    )
      onLeave();
  };
  const shown = <Cell object={object} field={field} value={value} row={{ ...row, ...draft.values } as Row} />;
  return (
    <div
      ref={place}
      className={cx(
        styles.property,
        wide && styles.wide,
        field.name in draft.changes && styles.changed,
        fresh && styles.fresh,
        editing && styles.editing,
      )}
    >
      <div className={styles.label}>
        <label htmlFor={editing ? id : undefined}>{say(field.label)}</label>
        {help ? (
          <Tooltip title={help}>
            <Info size={12} aria-label={help} />
          </Tooltip>
        ) : null}
        {editable && locked && !field.system && !field.derived ? (
          <Lock size={11} aria-label={t("field.locked")} />
        ) : null}
        {field.derived || (field.system && field.readonly) ? null : (
          <button
            type="button"
            className={styles.past}
            aria-label={t("record.history.of", { field: say(field.label) })}
            title={t("record.history.title")}
            onClick={onHistory}
          >
            <History size={13} aria-hidden />
          </button>
        )}
      </div>
      {editing && writable ? (
        <div className={styles.input} onKeyDown={keyDown}>
          <FieldInput
            id={id}
            object={object}
            field={field}
            value={value}
            values={draft.values}
            invalid={Boolean(error)}
            autoFocus
            onChange={draft.set}
          />
        </div>
      ) : writable ? (
        <div
          className={styles.value}
          onClick={(event) => {
            if (!(event.target as HTMLElement).closest("a")) onEdit();
          }}
        >
          {shown}
          <button type="button" className={styles.pencil} aria-label={t("form.edit", { field: say(field.label) })}>
            <PencilLine size={13} aria-hidden />
          </button>
        </div>
      ) : (
        <div className={cx(styles.value, styles.fixed)}>{shown}</div>
      )}
      {collides ? (
        <div className={styles.collides} role="status">
          <span>{t("merge.now")}</span>
          <b>
            <Cell object={object} field={field} value={row[field.name]} row={row} />
          </b>
          <Button size="small" onClick={() => onSettle(false)}>
            {t("merge.takeTheirs")}
          </Button>
          <Button size="small" type="text" onClick={() => onSettle(true)}>
            {t("merge.keepMine")}
          </Button>
        </div>
      ) : null}
      {error ? (
        <p className={styles.error} role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}
