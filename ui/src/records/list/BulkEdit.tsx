import { Button, Popover, Select } from "antd";
import { PencilLine, Plus, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import type { Field, ObjectDefinition, Values } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, isWritable, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Bone } from "@/design/Bones";
import { IconButton } from "@/design/IconButton";

import styles from "./list.module.css";

const FieldInput = lazy(() => import("@/fields/Input").then((module) => ({ default: module.FieldInput })));

interface Props {
  object: ObjectDefinition;
  busy: boolean;
  onApply: (changes: Values) => void;
}

interface BulkEditProps extends Props {
  open: boolean;
  onOpen: (open: boolean) => void;
}

/** Some fields, each with the value that all ticked records get. */
export function BulkEdit({ object, busy, open, onOpen, onApply }: BulkEditProps) {
  const { t } = useTranslation();
  return (
    <Popover
      open={open}
      onOpenChange={onOpen}
      trigger="click"
      placement="top"
      destroyOnHidden
      content={
        <Editor
          object={object}
          busy={busy}
          onApply={(changes) => {
            onOpen(false);
            onApply(changes);
          }}
        />
      }
    >
      <Button type="text" disabled={busy} icon={<PencilLine size={15} />}>
        {t("bulk.edit")}
      </Button>
    </Popover>
  );
}

function Editor({ object, busy, onApply }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const staged = pipelineOf(useCatalog(), object)?.field;
  const [names, setNames] = useState<(string | null)[]>([null]);
  const [changes, setChanges] = useState<Values>({});
  const editable = object.fields.filter(
    (one) =>
      isWritable(one) &&
      one.name !== staged &&
      !one.unique &&
      !["file", "files", "photo", "signature"].includes(one.stored_type),
  );
  const chosen = names.filter((name) => name !== null);
  const pick = (place: number, name: string) => {
    const before = names[place];
    setNames(names.map((one, index) => (index === place ? name : one)));
    setChanges((now) => ({ ...without(now, before), [name]: null }));
  };
  const drop = (place: number) => {
    setChanges((now) => without(now, names[place]));
    setNames(names.filter((_, index) => index !== place));
  };
  return (
    <div className={styles.bulkEdit}>
      {names.map((name, place) => (
        <Line
          key={name ?? "new"}
          object={object}
          field={name ? fieldOf(object, name) : null}
          fields={editable.filter((one) => one.name === name || !chosen.includes(one.name))}
          label={t("bulk.field")}
          say={say}
          values={changes}
          onPick={(next) => pick(place, next)}
          onDrop={names.length > 1 ? () => drop(place) : undefined}
          onChange={(next) => setChanges((now) => ({ ...now, ...next }))}
        />
      ))}
      <div className={styles.bulkActions}>
        <Button
          type="text"
          size="small"
          icon={<Plus size={14} />}
          disabled={names.includes(null)}
          onClick={() => setNames([...names, null])}
        >
          {t("bulk.more")}
        </Button>
        <Button type="primary" disabled={chosen.length === 0} loading={busy} onClick={() => onApply(changes)}>
          {t("bulk.apply")}
        </Button>
      </div>
    </div>
  );
}

interface LineProps {
  object: ObjectDefinition;
  field: Field | null;
  fields: Field[];
  label: string;
  say: ReturnType<typeof useLabel>;
  values: Values;
  onPick: (name: string) => void;
  onDrop?: () => void;
  onChange: (changes: Values) => void;
}

function Line({ object, field, fields, label, say, values, onPick, onDrop, onChange }: LineProps) {
  const { t } = useTranslation();
  return (
    <div className={styles.bulkLine}>
      <Select
        aria-label={label}
        showSearch={{ optionFilterProp: "label" }}
        placeholder={label}
        value={field?.name ?? null}
        options={fields.map((one) => ({ value: one.name, label: say(one.label) }))}
        onChange={onPick}
      />
      {field ? (
        <Suspense fallback={<Bone height={32} />}>
          <label htmlFor={`bulk-${field.name}`} className="sr-only">
            {say(field.label)}
          </label>
          <FieldInput
            id={`bulk-${field.name}`}
            object={object}
            field={field}
            value={values[field.name]}
            values={values}
            onChange={onChange}
          />
        </Suspense>
      ) : null}
      {onDrop ? (
        <IconButton size="small" label={t("action.remove")} icon={<X size={14} />} onClick={onDrop} />
      ) : null}
    </div>
  );
}

function without(values: Values, name: string | null | undefined): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => key !== name && key !== `${name ?? ""}_currency`),
  );
}
