import { Alert, Button, Input, Select } from "antd";
import { ArrowRight } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { ImportPreview, ObjectDefinition } from "@/api/types";
import { useLabel } from "@/catalog/label";
import { formatBytes, formatNumber } from "@/format/number";

import styles from "./importing.module.css";
import { claimedTwice, importable, type ImportChoice, unmapped, withSaved } from "./plan";

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
  const fields = importable(object);
  const twice = claimedTwice(choice.mapping);
  const missing = unmapped(object, choice.mapping);
  const used = new Set(Object.values(choice.mapping));
  const nameOf = (name: string) => say(fields.find((field) => field.name === name)?.label) || name;
  const facts = [
    file.name,
    formatBytes(file.size, i18n.language),
    t("import.rows", { count: preview.rows, shown: formatNumber(preview.rows, i18n.language) }),
    preview.sheet,
    preview.encoding,
  ].filter(Boolean);
  return (
    <>
      <p className={styles.facts}>{facts.join(" · ")}</p>
      {preview.saved_mappings.length > 0 ? (
        <div className={styles.option}>
          <label htmlFor="saved">{t("import.saved")}</label>
          <Select
            id="saved"
            placeholder={t("import.savedPick")}
            options={preview.saved_mappings.map((saved) => ({ value: saved.name, label: saved.name }))}
            onChange={(name) => {
              const saved = preview.saved_mappings.find((one) => one.name === name);
              if (saved) onChange(withSaved(preview, object, saved));
            }}
          />
        </div>
      ) : null}
      <ul className={styles.map}>
        {preview.columns.map((column) => (
          <li key={column.name} className={styles.column}>
            <div className={styles.source}>
              <b className="cut">{column.name}</b>
              <span className="cut">{column.samples.filter(Boolean).slice(0, 3).join(t("filter.comma"))}</span>
            </div>
            <ArrowRight size={15} aria-hidden />
            <Select
              aria-label={t("import.fieldFor", { column: column.name })}
              value={choice.mapping[column.name] ?? undefined}
              placeholder={t("import.skip")}
              allowClear
              showSearch={{ optionFilterProp: "label" }}
              status={twice.includes(choice.mapping[column.name] ?? "") ? "error" : undefined}
              options={fields.map((field) => ({
                value: field.name,
                label: say(field.label) + (field.required ? " *" : ""),
              }))}
              onChange={(next: string | undefined) =>
                onChange({ ...choice, mapping: { ...choice.mapping, [column.name]: next ?? null } })
              }
            />
          </li>
        ))}
      </ul>
      <div className={styles.options}>
        <div className={styles.option}>
          <label htmlFor="key">{t("import.key")}</label>
          <Select
            id="key"
            value={choice.key ?? undefined}
            placeholder={t("import.keyNone")}
            allowClear
            options={fields
              .filter((field) => used.has(field.name))
              .map((field) => ({ value: field.name, label: say(field.label) }))}
            onChange={(key: string | undefined) => onChange({ ...choice, key: key ?? null })}
          />
          <small>{t("import.keyHint")}</small>
        </div>
        <div className={styles.option}>
          <label htmlFor="save-as">{t("import.saveAs")}</label>
          <Input
            id="save-as"
            value={choice.name}
            onChange={(event) => onChange({ ...choice, name: event.target.value })}
          />
          <small>{t("import.saveAsHint")}</small>
        </div>
        {object.pipeline && object.can.override_gate ? (
          <div className={styles.option}>
            <label htmlFor="override">{t("import.override")}</label>
            <Input
              id="override"
              value={choice.overrideReason}
              onChange={(event) => onChange({ ...choice, overrideReason: event.target.value })}
            />
            <small>{t("import.overrideHint")}</small>
          </div>
        ) : null}
      </div>
      {twice.length > 0 ? (
        <Alert type="error" showIcon title={t("import.twice", { fields: twice.map(nameOf).join(t("filter.comma")) })} />
      ) : null}
      {missing.length > 0 && !choice.key ? (
        <Alert
          type="warning"
          showIcon
          title={t("import.missing", { fields: missing.map((field) => say(field.label)).join(t("filter.comma")) })}
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
