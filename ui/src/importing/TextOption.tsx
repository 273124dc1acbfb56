import { Input } from "antd";

import { useTranslation } from "@/app/translation";

import styles from "./importing.module.css";

interface Props {
  id: string;
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
}

/** A text that an import takes beside what its columns mean, with what it is for. */
export function TextOption({ id, label, hint, value, onChange }: Props) {
  return (
    <div className={styles.option}>
      <label htmlFor={id}>{label}</label>
      <Input id={id} value={value} onChange={(event) => onChange(event.target.value)} />
      <small>{hint}</small>
    </div>
  );
}

/** The name under which what its columns mean is kept for the next import. */
export function SaveAs({ value, onChange }: Pick<Props, "value" | "onChange">) {
  const { t } = useTranslation();
  return (
    <TextOption id="save-as" label={t("import.saveAs")} hint={t("import.saveAsHint")} value={value} onChange={onChange} />
  );
}
