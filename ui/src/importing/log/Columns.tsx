import { Alert, Select } from "antd";
import { ArrowRight } from "lucide-react";

import type { LogColumns, LogPreview } from "@/api/histories";
import type { DateOrder } from "@/api/importing";
import { useTranslation } from "@/app/translation";

import styles from "../importing.module.css";
import { isWhole, LOG_PARTS } from "./log";

interface Props {
  table: NonNullable<LogPreview["table"]>;
  columns: LogColumns;
  onChange: (columns: LogColumns) => void;
}

/** Which columns of a table say whose case a row belongs to, what happened, when, and by whom. */
export function Columns({ table, columns, onChange }: Props) {
  const { t } = useTranslation();
  const names = Object.keys(table.columns);
  return (
    <section>
      <h2 className={styles.heading}>{t("history.columns")}</h2>
      <ul className={styles.map}>
        {LOG_PARTS.map((part, place) => (
          <li key={part} className={styles.column}>
            <div className={styles.source}>
              <b>
                {t(`history.part.${part}`)}
                {place < 3 ? " *" : ""}
              </b>
              <span className="cut">
                {table.columns[columns[part]]?.join(t("filter.comma")) || t(`history.partHint.${part}`)}
              </span>
            </div>
            <ArrowRight size={15} aria-hidden />
            <Select
              className={styles.wide}
              aria-label={t("history.columnOf", { part: t(`history.part.${part}`) })}
              value={columns[part] || undefined}
              placeholder={t(place < 3 ? "history.pick" : "history.none")}
              allowClear={place >= 3}
              showSearch={{ optionFilterProp: "label" }}
              options={names.map((name) => ({
                value: name,
                label: name,
                disabled: LOG_PARTS.some((one) => one !== part && columns[one] === name),
              }))}
              onChange={(name: string | undefined) => onChange({ ...columns, [part]: name ?? "" })}
            />
          </li>
        ))}
        <li className={styles.column}>
          <div className={styles.source}>
            <b>{t("import.dates")}</b>
            <span>{t("import.datesHint")}</span>
          </div>
          <ArrowRight size={15} aria-hidden />
          <Select
            className={styles.wide}
            aria-label={t("import.dates")}
            value={columns.dates}
            options={(["", "mdy", "dmy"] as const).map((value) => ({
              value,
              label: t(`import.dateOrder.${value || "none"}`),
            }))}
            onChange={(dates: DateOrder) => onChange({ ...columns, dates })}
          />
        </li>
      </ul>
      {isWhole(columns) ? (
        <p className={styles.facts}>{t("history.columnsHint")}</p>
      ) : (
        <Alert type="info" showIcon title={t("history.choose")} />
      )}
    </section>
  );
}
