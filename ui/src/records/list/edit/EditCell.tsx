import { type KeyboardEvent, lazy, Suspense, useEffect, useRef, useState } from "react";

import type { Field, ObjectDefinition, Row, Values } from "@/api/types";
import { Bone } from "@/design/Bones";
import { useLabel } from "@/catalog/label";
import { familyOf } from "@/fields/kinds";

import styles from "./edit.module.css";
import type { CellActs, EditedCell } from "./useCellEditing";

const FieldInput = lazy(() => import("@/fields/Input").then((module) => ({ default: module.FieldInput })));

const OVERLAYS = ".ant-select-dropdown, .ant-picker-dropdown, .ant-dropdown";

interface Props {
  object: ObjectDefinition;
  field: Field;
  fields: readonly Field[];
  row: Row;
  edited: EditedCell;
  editing: CellActs;
}

/** Whether choosing a value is all there is to do: then the choice is saved at once. */
function isChosen(field: Field): boolean {
  if (["multi_select", "references", "datetime"].includes(field.stored_type)) return false;
  return ["select", "reference", "boolean", "date"].includes(familyOf(field));
}

/** A cell that is being edited: Enter and leaving it save, Tab saves and goes on, Esc gives up. */
export function EditCell({ object, field, fields, row: now, edited, editing }: Props) {
  const say = useLabel();
  const place = useRef<HTMLDivElement>(null);
  /** As it was when editing began: what others change meanwhile must come out as a conflict. */
  const [row] = useState(now);
  const [changes, setChanges] = useState<Values>(edited.draft ?? {});
  const values = { ...row, ...changes };
  const id = `cell-${field.name}`;
  const commit = () => {
    editing.stop();
    editing.save(row, changes);
  };
  const leave = useRef(commit);
  useEffect(() => {
    leave.current = commit;
  });
  useEffect(() => {
    const press = (event: PointerEvent) => {
      const target = event.target as HTMLElement;
      if (!place.current?.contains(target) && !target.closest(OVERLAYS)) leave.current();
    };
    document.addEventListener("pointerdown", press, true);
    return () => document.removeEventListener("pointerdown", press, true);
  }, []);
  /** Before the input sees them: an open list of choices would take Tab for a choice. */
  const leaving = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || (event.key !== "Tab" && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return editing.stop();
    editing.save(row, changes);
    editing.next(row, fields, field.name, event.shiftKey);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !isChosen(field)) {
      if (field.stored_type === "long_text" && !event.metaKey && !event.ctrlKey) return;
      if (field.stored_type === "datetime" || field.stored_type === "multi_select") return;
      event.preventDefault();
      event.stopPropagation();
      commit();
    }
  };
  const change = (next: Values) => {
    const all = { ...changes, ...next };
    setChanges(all);
    if (!isChosen(field)) return;
    editing.stop();
    editing.save(row, all);
  };
  return (
    <div ref={place} data-editor className={styles.cell} onKeyDownCapture={leaving} onKeyDown={keyDown}>
      <label htmlFor={id} className="sr-only">
        {say(field.label)}
      </label>
      <Suspense fallback={<Bone height={28} />}>
        <FieldInput
          id={id}
          object={object}
          field={field}
          value={values[field.name]}
          values={values}
          invalid={Boolean(edited.error)}
          autoFocus
          eager
          onChange={change}
        />
      </Suspense>
      {edited.error ? (
        <p className={styles.error} role="alert">
          {edited.error}
        </p>
      ) : null}
    </div>
  );
}
