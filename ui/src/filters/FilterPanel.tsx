import { Button, Input, Select } from "antd";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ObjectDefinition } from "@/api/types";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { IconButton } from "@/design/IconButton";
import { FilterValue } from "@/fields/Filter";

import styles from "./filters.module.css";
import { operatorsOf } from "./operators";
import { type FilterRow, readRows, writeRows } from "./rows";

interface Props {
  object: ObjectDefinition;
  /** The expression in force. */
  filter: string;
  /** What the server says about it, with a caret under the place. */
  problem: string | null;
  onApply: (filter: string) => void;
}

/** Conditions line by line, beside the text of the expression they make; either can be edited. */
export function FilterPanel({ object, filter, problem, onApply }: Props) {
  const { t } = useTranslation();
  const fields = object.fields.filter((field) => operatorsOf(field.stored_type).length > 0);
  const [text, setText] = useState(filter);
  const [rows, setRows] = useState<FilterRow[] | null>(() => readRows(filter, fields));
  const change = (next: FilterRow[]) => {
    setRows(next);
    setText(writeRows(next, fields));
  };
  const add = () => {
    const field = fields[0];
    if (field) change([...(rows ?? []), startRow(field.name, operatorsOf(field.stored_type)[0]?.id ?? "")]);
  };
  return (
    <form
      className={styles.panel}
      onSubmit={(event) => {
        event.preventDefault();
        onApply(text.trim());
      }}
    >
      {rows ? (
        <div className={styles.rows}>
          {rows.map((row, index) => (
            <RowEditor
              key={index}
              object={object}
              fields={fields}
              row={row}
              leading={index === 0 ? t("filter.where") : t("filter.and")}
              onChange={(next) => change(rows.map((one, place) => (place === index ? next : one)))}
              onRemove={() => change(rows.filter((_, place) => place !== index))}
            />
          ))}
          <Button type="text" size="small" icon={<Plus size={14} />} onClick={add} className={styles.add}>
            {t("filter.add")}
          </Button>
        </div>
      ) : (
        <p className={styles.note}>{t("filter.textOnly")}</p>
      )}
      <label className={styles.text}>
        <span>{t("filter.expression")}</span>
        <Input.TextArea
          className="mono"
          value={text}
          spellCheck={false}
          placeholder={t("filter.placeholder")}
          autoSize={{ minRows: 1, maxRows: 6 }}
          status={problem ? "error" : undefined}
          onChange={(event) => {
            setText(event.target.value);
            setRows(readRows(event.target.value, fields));
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) onApply(text.trim());
          }}
        />
      </label>
      {problem ? (
        <pre className={styles.problem} role="alert">
          {problem}
        </pre>
      ) : null}
      <div className={styles.actions}>
        <Button onClick={() => onApply("")}>{t("filter.clear")}</Button>
        <Button type="primary" htmlType="submit">
          {t("filter.apply")}
        </Button>
      </div>
    </form>
  );
}

interface RowProps {
  object: ObjectDefinition;
  fields: ObjectDefinition["fields"];
  row: FilterRow;
  leading: string;
  onChange: (row: FilterRow) => void;
  onRemove: () => void;
}

function RowEditor({ object, fields, row, leading, onChange, onRemove }: RowProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const field = fieldOf(object, row.field);
  const operators = field ? operatorsOf(field.stored_type) : [];
  const operator = operators.find((one) => one.id === row.operator);
  return (
    <div className={styles.row}>
      <span className={styles.leading}>{leading}</span>
      <Select
        aria-label={t("filter.field")}
        value={row.field}
        showSearch={{ optionFilterProp: "label" }}
        options={fields.map((one) => ({ value: one.name, label: say(one.label) }))}
        popupMatchSelectWidth={false}
        className={styles.pick}
        onChange={(name) => {
          const next = fieldOf(object, name);
          onChange(startRow(name, next ? (operatorsOf(next.stored_type)[0]?.id ?? "") : ""));
        }}
      />
      <Select
        aria-label={t("filter.operator")}
        value={row.operator}
        options={operators.map((one) => ({ value: one.id, label: t(`operator.${one.id}`) }))}
        popupMatchSelectWidth={false}
        className={styles.operator}
        onChange={(id) => {
          const next = operators.find((one) => one.id === id);
          onChange({ ...row, operator: id, value: next?.value === operator?.value ? row.value : null });
        }}
      />
      <div className={styles.value}>
        {field && operator && operator.value !== "none" ? (
          <FilterValue
            kind={operator.value}
            object={object}
            field={field}
            value={row.value}
            onChange={(value) => onChange({ ...row, value })}
          />
        ) : null}
      </div>
      <IconButton size="small" label={t("action.remove")} icon={<X size={14} />} onClick={onRemove} />
    </div>
  );
}

function startRow(field: string, operator: string): FilterRow {
  return { field, operator, value: null };
}
