import { Tooltip } from "antd";
import { Info } from "lucide-react";
import type { ReactNode } from "react";

import type { Field, ObjectDefinition, Values } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { isLocked } from "@/catalog/condition";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { FieldInput } from "@/fields/Input";

import styles from "./form.module.css";
import { type Section, visibleSections } from "./sections";

interface Props {
  prefix: string;
  object: ObjectDefinition;
  sections: Section[];
  values: Values;
  errors: Record<string, string>;
  onChange: (changes: Values) => void;
}

/** Inputs for the fields of an object, section by section. */
export function FormFields({ prefix, object, sections, values, errors, onChange }: Props) {
  return (
    <div className={styles.form}>
      {visibleSections(sections, values).map((section) => (
        <fieldset key={section.name} className={styles.section}>
          {section.title ? <legend className={styles.legend}>{section.title}</legend> : null}
          <div className={styles.grid}>
            {section.fields.map((field) => (
              <Labelled key={field.name} id={`${prefix}-${field.name}`} field={field} error={errors[field.name]}>
                <FieldInput
                  id={`${prefix}-${field.name}`}
                  object={object}
                  field={field}
                  value={values[field.name]}
                  values={values}
                  invalid={Boolean(errors[field.name])}
                  disabled={isLocked(field, values)}
                  onChange={onChange}
                />
              </Labelled>
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

interface LabelledProps {
  id: string;
  field: Field;
  error?: string;
  children: ReactNode;
}

/** A field's label, with its help and what is wrong with it. */
export function Labelled({ id, field, error, children }: LabelledProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const wide = field.stored_type === "long_text" || field.stored_type === "json";
  return (
    <div className={cx(styles.field, wide && styles.wide)}>
      <label htmlFor={id} className={styles.label}>
        <span>{say(field.label)}</span>
        {field.required && !field.default ? (
          <span className={styles.required} title={t("form.required")}>
            *
          </span>
        ) : null}
        {field.help ? (
          <Tooltip title={say(field.help)}>
            <Info size={13} aria-label={say(field.help)} />
          </Tooltip>
        ) : null}
      </label>
      {children}
      {error ? (
        <p className={styles.error} role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}
