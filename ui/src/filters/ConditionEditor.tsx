import { Select } from "antd";
import { X } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { IconButton } from "@/design/IconButton";
import { FilterValue } from "@/fields/Filter";

import styles from "./filters.module.css";
import { operatorsOf } from "./operators";
import { offered, reach, type Scope } from "./scope";
import type { Condition } from "./tree";

interface Props {
  scope: Scope;
  condition: Condition;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

/** One comparison: a field of the record or of one it refers to, how it is compared, and with what. */
export function ConditionEditor({ scope, condition, onChange, onRemove }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const found = reach(scope, scoped(scope, condition.path));
  const operators = found ? operatorsOf(found.field.stored_type) : [];
  const operator = operators.find((one) => one.id === condition.operator);
  const groups = offered(scope).map(({ via, fields }) => ({
    label: via ? say(via.label) : say(scope.object.label),
    options: fields.map((field) => ({
      value: [...(via ? [via.name] : []), field.name].join("."),
      label: via ? `${say(via.label)} › ${say(field.label)}` : say(field.label),
    })),
  }));
  const current = condition.path.join(".");
  const listed = groups.some((group) => group.options.some((option) => option.value === current));
  if (found && !listed) {
    const label = [...found.via, found.field].map((field) => say(field.label)).join(" › ");
    groups.push({ label: t("filter.further"), options: [{ value: current, label }] });
  }
  return (
    <div className={styles.row}>
      <Select
        aria-label={t("filter.field")}
        value={current}
        showSearch={{ optionFilterProp: "label" }}
        options={groups}
        popupMatchSelectWidth={false}
        className={styles.pick}
        onChange={(next: string) => onChange(startAt(scope, next.split(".")))}
      />
      <Select
        aria-label={t("filter.operator")}
        value={condition.operator}
        options={operators.map((one) => ({ value: one.id, label: t(`operator.${one.id}`) }))}
        popupMatchSelectWidth={false}
        className={styles.operator}
        onChange={(id) => {
          const next = operators.find((one) => one.id === id);
          onChange({ ...condition, operator: id, value: next?.value === operator?.value ? condition.value : null });
        }}
      />
      <div className={styles.value}>
        {found && operator && operator.value !== "none" ? (
          <FilterValue
            kind={operator.value}
            object={found.object}
            field={found.field}
            value={condition.value}
            onChange={(value) => onChange({ ...condition, value })}
          />
        ) : null}
      </div>
      <IconButton size="small" label={t("action.remove")} icon={<X size={14} />} onClick={onRemove} />
    </div>
  );
}

/** A new comparison, of the first field there is. */
export function startCondition(scope: Scope): Condition | null {
  const field = offered(scope)[0]?.fields[0];
  return field ? startAt(scope, [field.name]) : null;
}

function startAt(scope: Scope, path: string[]): Condition {
  const field = reach(scope, scoped(scope, path))?.field;
  const operator = field ? (operatorsOf(field.stored_type)[0]?.id ?? "") : "";
  return { kind: "condition", path, operator, value: null };
}

function scoped(scope: Scope, path: readonly string[]): string[] {
  return scope.variable ? [scope.variable, ...path] : [...path];
}
