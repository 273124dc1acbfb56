import { Alert, Button, Checkbox, Input, Select } from "antd";

import type { ImportPlan, ImportPreview } from "@/api/importing";
import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { formatBytes, formatNumber } from "@/format/number";

import { ColumnRow } from "./ColumnRow";
import styles from "./importing.module.css";
import { claimedTwice, filledBy, importable, type ImportChoice, unmapped, withSaved } from "./plan";
import { StageDates } from "./StageDates";
import { SaveAs, TextOption } from "./TextOption";

interface Props {
  object: ObjectDefinition;
  file: File;
  preview: ImportPreview;
  choice: ImportChoice;
  busy: boolean;
  onChange: (choice: ImportChoice) => void;
  onBack: () => void;
  onRun: (dry: boolean) => void;
}

/** Which column goes to which field, and by what rows update records that are there already. */
export function MappingStep({ object, file, preview, choice, busy, onChange, onBack, onRun }: Props) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const { plan } = choice;
  const fields = importable(object);
  const twice = claimedTwice(plan);
  const missing = unmapped(object, plan);
  const unfilled = missing.filter((field) => !filledBy(plan).includes(field.name));
  const nameOf = (name: string) => say(fields.find((field) => field.name === name)?.label) || name;
  const change = (changes: Partial<ImportPlan>) => onChange({ ...choice, plan: { ...plan, ...changes } });
  const facts = [
    file.name,
    formatBytes(file.size, i18n.language),
    t("import.rows", { count: preview.rows, shown: formatNumber(preview.rows, i18n.language) }),
    preview.sheet,
    preview.encoding,
  ].filter(Boolean);
  return (
    <>
      <div className={styles.lead}>
        <p className={styles.facts}>{facts.join(" · ")}</p>
        {preview.saved_mappings.length > 0 ? (
          <Select
            aria-label={t("import.saved")}
            placeholder={t("import.saved")}
            popupMatchSelectWidth={false}
            options={preview.saved_mappings.map((saved) => ({ value: saved.name, label: saved.name }))}
            onChange={(name: string) => {
              const saved = preview.saved_mappings.find((one) => one.name === name);
              if (saved) onChange(withSaved(preview, object, saved));
            }}
          />
        ) : null}
      </div>
      <ul className={styles.map}>
        {preview.columns.map((column) => (
          <ColumnRow
            key={column.name}
            object={object}
            fields={fields}
            column={column}
            targets={plan.columns[column.name] ?? []}
            clashing={(plan.columns[column.name] ?? []).some((target) => twice.includes(target.field))}
            onChange={(targets) => change({ columns: { ...plan.columns, [column.name]: targets } })}
          />
        ))}
      </ul>
      {missing.map((field) => (
        <div key={field.name} className={styles.option}>
          <label htmlFor={`compose-${field.name}`}>{t("import.compose", { field: say(field.label) })}</label>
          <Input
            id={`compose-${field.name}`}
            value={plan.compose[field.name] ?? ""}
            placeholder={preview.columns
              .slice(0, 2)
              .map((column) => `{${column.name}}`)
              .join(" ")}
            onChange={(event) => change({ compose: { ...plan.compose, [field.name]: event.target.value } })}
          />
          <small>{t("import.composeHint")}</small>
        </div>
      ))}
      <Settings object={object} fields={fields} choice={choice} onChange={onChange} onPlan={change} />
      {object.pipeline && object.can.override_gate ? (
        <StageDates
          key={choice.name}
          object={object}
          columns={preview.columns}
          entered={plan.entered}
          reasoned={choice.overrideReason.trim() !== ""}
          onChange={(entered) => change({ entered })}
        />
      ) : null}
      {twice.length > 0 ? (
        <Alert type="error" showIcon title={t("import.twice", { fields: twice.map(nameOf).join(t("filter.comma")) })} />
      ) : null}
      {unfilled.length > 0 && !plan.key ? (
        <Alert
          type="warning"
          showIcon
          title={t("import.missing", { fields: unfilled.map((field) => say(field.label)).join(t("filter.comma")) })}
        />
      ) : null}
      <div className={styles.actions}>
        <Button onClick={onBack}>{t("import.other")}</Button>
        <span className={styles.space} />
        <Button disabled={twice.length > 0} loading={busy} onClick={() => onRun(true)}>
          {t("import.dry")}
        </Button>
        <Button type="primary" disabled={twice.length > 0} loading={busy} onClick={() => onRun(false)}>
          {t("import.run")}
        </Button>
      </div>
    </>
  );
}

interface SettingsProps extends Pick<Props, "object" | "choice" | "onChange"> {
  fields: ReturnType<typeof importable>;
  onPlan: (changes: Partial<ImportPlan>) => void;
}

function Settings({ object, fields, choice, onChange, onPlan }: SettingsProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const { plan } = choice;
  const used = new Set(filledBy(plan));
  const hasDates = fields.some((field) => used.has(field.name) && ["date", "datetime"].includes(field.stored_type));
  return (
    <div className={styles.options}>
      <div className={styles.option}>
        <label htmlFor="key">{t("import.key")}</label>
        <Select
          id="key"
          value={plan.key || undefined}
          placeholder={t("import.keyNone")}
          allowClear
          options={fields
            .filter((field) => used.has(field.name))
            .map((field) => ({ value: field.name, label: say(field.label) }))}
          onChange={(key: string | undefined) => onPlan({ key: key ?? "" })}
        />
        <small>{t("import.keyHint")}</small>
        {plan.key ? (
          <Checkbox checked={plan.clear_empty} onChange={(event) => onPlan({ clear_empty: event.target.checked })}>
            {t("import.clearEmpty")}
          </Checkbox>
        ) : null}
      </div>
      {hasDates ? (
        <div className={styles.option}>
          <label htmlFor="dates">{t("import.dates")}</label>
          <Select
            id="dates"
            value={plan.dates}
            options={(["", "mdy", "dmy"] as const).map((value) => ({
              value,
              label: t(`import.dateOrder.${value || "none"}`),
            }))}
            onChange={(dates) => onPlan({ dates })}
          />
          <small>{t("import.datesHint")}</small>
        </div>
      ) : null}
      <SaveAs value={choice.name} onChange={(name) => onChange({ ...choice, name })} />
      {object.pipeline && object.can.override_gate ? (
        <TextOption
          id="override"
          label={t("import.override")}
          hint={t("import.overrideHint")}
          value={choice.overrideReason}
          onChange={(overrideReason) => onChange({ ...choice, overrideReason })}
        />
      ) : null}
    </div>
  );
}
