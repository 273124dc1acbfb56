import { closestCenter, DndContext, type DragEndEvent, KeyboardSensor, PointerSensor, useSensor, useSensors } from "@dnd-kit/core";
import { arrayMove, SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { Checkbox, Input, Select } from "antd";
import { GripVertical, Search } from "lucide-react";
import { useState } from "react";

import type { Field, ObjectDefinition } from "@/api/types";
import type { Look } from "@/api/views";
import type { ListSearch } from "@/app/search";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";

import styles from "./display.module.css";
import { groupableFields } from "./grid/groups";
import { useUsualDensity } from "./density";
import { DensityPicker } from "./DensityPicker";

interface Props {
  object: ObjectDefinition;
  look: Look;
  /** Whether it is a list that is shown: only a list has groups and a density. */
  listed: boolean;
  onSearch: (changes: Partial<ListSearch>) => void;
}

/** How the list looks: groups, density, and which columns in what order, by mouse or by keyboard. */
export function DisplayPanel({ object, look, listed, onSearch }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const usual = useUsualDensity();
  return (
    <div className={styles.panel}>
      {listed ? (
        <>
          <label className={styles.line}>
            <span>{t("list.groupBy")}</span>
            <Select
              size="small"
              aria-label={t("list.groupBy")}
              className={styles.pick}
              value={look.group_by}
              showSearch={{ optionFilterProp: "label" }}
              options={[
                { value: "", label: t("list.noGroups") },
                ...groupableFields(object).map((field) => ({ value: field.name, label: say(field.label) })),
              ]}
              onChange={(group) => onSearch({ group })}
            />
          </label>
          <div className={styles.line}>
            <span>{t("list.densityTitle")}</span>
            <DensityPicker small value={look.density || usual} onChange={(density) => onSearch({ density })} />
          </div>
        </>
      ) : null}
      <Columns object={object} look={look} onSearch={onSearch} />
    </div>
  );
}

function Columns({ object, look, onSearch }: Omit<Props, "listed">) {
  const { t } = useTranslation();
  const say = useLabel();
  const [typed, setTyped] = useState("");
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const chosen = look.columns.filter((name) => name !== object.title && fieldOf(object, name));
  const fits = (field: Field) => say(field.label).toLowerCase().includes(typed.trim().toLowerCase());
  const rest = object.fields.filter(
    (field) => field.name !== object.title && !chosen.includes(field.name) && field.stored_type !== "json",
  );
  const choose = (next: string[]) => {
    if (next.length > 0) onSearch({ columns: next.join(",") });
  };
  const end = ({ active, over }: DragEndEvent) => {
    const from = chosen.indexOf(String(active.id));
    const to = over ? chosen.indexOf(String(over.id)) : -1;
    if (from >= 0 && to >= 0 && from !== to) choose(arrayMove(chosen, from, to));
  };
  return (
    <section className={styles.columns} aria-label={t("list.columns")}>
      <h3 className={styles.heading}>{t("list.columns")}</h3>
      <Input
        size="small"
        allowClear
        prefix={<Search size={13} aria-hidden />}
        placeholder={t("list.findColumn")}
        aria-label={t("list.findColumn")}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={end}>
        <SortableContext items={chosen} strategy={verticalListSortingStrategy}>
          <ul>
            {chosen.map((name) => {
              const field = fieldOf(object, name);
              return field && fits(field) ? (
                <ChosenColumn
                  key={name}
                  field={field}
                  last={chosen.length === 1}
                  onHide={() => choose(chosen.filter((other) => other !== name))}
                />
              ) : null;
            })}
          </ul>
        </SortableContext>
      </DndContext>
      <ul className={styles.rest}>
        {rest.filter(fits).map((field) => (
          <li key={field.name} className={styles.column}>
            <Checkbox checked={false} onChange={() => choose([...chosen, field.name])}>
              {say(field.label)}
            </Checkbox>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ChosenProps {
  field: Field;
  /** The only one left can't be hidden. */
  last: boolean;
  onHide: () => void;
}

function ChosenColumn({ field, last, onHide }: ChosenProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({ id: field.name });
  return (
    <li
      ref={setNodeRef}
      className={cx(styles.column, isDragging && styles.lifted)}
      style={{ transform: transform ? `translateY(${transform.y}px)` : undefined, transition }}
    >
      <Checkbox checked disabled={last} onChange={onHide}>
        {say(field.label)}
      </Checkbox>
      <button
        type="button"
        className={styles.grip}
        {...attributes}
        {...listeners}
        aria-label={t("list.moveColumn", { field: say(field.label) })}
      >
        <GripVertical size={14} aria-hidden />
      </button>
    </li>
  );
}
