import { Input, Select } from "antd";
import dayjs from "dayjs";

import type { Field, ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { optionsOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { DatePicker } from "@/design/DatePicker";
import type { ValueKind } from "@/filters/operators";
import { MONEY_MARKS } from "@/format/reading";

import { NumberBox } from "./number/Box";
import { ReferenceInput } from "./reference/Input";
import { isRef } from "./reference/refs";

interface Props {
  kind: ValueKind;
  object: ObjectDefinition;
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** The value of a comparison in the filter builder, by what its operator asks for. */
export function FilterValue(props: Props) {
  switch (props.kind) {
    case "options":
      return <OptionsValue {...props} />;
    case "record":
      return <RecordValue {...props} />;
    case "day":
      return <DayValue {...props} />;
    case "number":
    case "days":
    case "hours":
      return <NumberValue {...props} />;
    default:
      return <TextValue {...props} />;
  }
}

function TextValue({ object, field, value, onChange }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const options = optionsOf(useCatalog(), object, field);
  if (options.length > 0) {
    return (
      <Select
        aria-label={t("filter.value")}
        value={(value as string | null) ?? undefined}
        options={options.map((option) => ({ value: option.value, label: say(option.label) }))}
        style={{ width: "100%" }}
        onChange={onChange}
      />
    );
  }
  return (
    <Input
      aria-label={t("filter.value")}
      value={(value as string | null) ?? ""}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function NumberValue({ kind, field, value, onChange }: Props) {
  const { t } = useTranslation();
  const suffix = { days: t("field.unit.days"), hours: t("field.unit.hours") }[kind as "days" | "hours"];
  const percent = field.stored_type === "percent";
  return (
    <NumberBox
      aria-label={t("filter.value")}
      value={value}
      marks={percent ? ["%"] : field.stored_type === "money" ? MONEY_MARKS : undefined}
      suffix={suffix ?? (percent ? "%" : undefined)}
      onChange={(next) => onChange(typeof next === "number" ? next : null)}
    />
  );
}

function DayValue({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <DatePicker
      aria-label={t("filter.value")}
      value={typeof value === "string" && value ? dayjs(value) : null}
      style={{ width: "100%" }}
      onChange={(next) => onChange(next?.format("YYYY-MM-DD") ?? null)}
    />
  );
}

function OptionsValue({ object, field, value, onChange }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const options = optionsOf(useCatalog(), object, field);
  return (
    <Select
      aria-label={t("filter.value")}
      mode="multiple"
      value={(value as string[] | null) ?? []}
      options={options.map((option) => ({ value: option.value, label: say(option.label) }))}
      maxTagCount="responsive"
      style={{ width: "100%" }}
      onChange={onChange}
    />
  );
}

function RecordValue({ object, field, value, onChange }: Props) {
  return (
    <ReferenceInput
      id={`filter-${field.name}`}
      object={object}
      field={{ ...field, stored_type: field.stored_type === "user" ? "user" : "reference" }}
      value={value}
      values={{}}
      onChange={(changes) => {
        const next = changes[field.name];
        onChange(isRef(next) ? next.id : null);
      }}
    />
  );
}
