import { Alert, Button, Select } from "antd";

import type { LogColumns, LogPreview, SavedHistory } from "@/api/histories";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { formatDate } from "@/format/date";
import { formatBytes, formatNumber } from "@/format/number";

import styles from "../importing.module.css";
import { Columns } from "./Columns";
import { isWhole, type LogChoice } from "./log";
import { Meanings } from "./Meanings";

interface Props {
  file: File;
  log: LogPreview;
  choice: LogChoice;
  onChange: (choice: LogChoice) => void;
  /** Other columns of the table were chosen: what they tell must be looked at. */
  onColumns: (columns: LogColumns) => void;
  onSaved: (saved: SavedHistory) => void;
  onBack: () => void;
  /** The definitions of the chosen set were published. */
  onAdded: () => void;
  onRun: (dry: boolean) => void;
}

/** What the log holds, how a table is to be read, and how its traces become records. */
export function LogMapping({ file, log, choice, onColumns, onSaved, ...more }: Props) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const figure = (value: number) => formatNumber(value, i18n.language);
  const days = [log.since, log.until].flatMap((at) => (at ? [formatDate(at)] : []));
  const held = { traces: figure(log.traces), events: figure(log.events) };
  const facts = [
    file.name,
    formatBytes(file.size, i18n.language),
    log.traces > 0 && t(log.whole ? "history.holds" : "history.holdsMore", held),
    [...new Set(days)].join(" – "),
  ].filter(Boolean);
  return (
    <>
      <div className={styles.lead}>
        <p className={styles.facts}>{facts.join(" · ")}</p>
        {log.saved.length > 0 ? (
          <Select
            aria-label={t("import.saved")}
            placeholder={t("import.saved")}
            popupMatchSelectWidth={false}
            value={log.saved.find((one) => one.name === choice.name)?.name}
            options={log.saved.map((saved) => ({ value: saved.name, label: saved.name }))}
            onChange={(name: string) => {
              const saved = log.saved.find((one) => one.name === name);
              if (saved) onSaved(saved);
            }}
          />
        ) : null}
      </div>
      {log.table && choice.columns ? (
        <Columns table={log.table} columns={choice.columns} onChange={onColumns} />
      ) : null}
      {log.unreadable > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={t("history.unreadable", { count: log.unreadable, shown: figure(log.unreadable) })}
          description={say(log.fault)}
        />
      ) : null}
      {choice.columns && !isWhole(choice.columns) ? (
        <div className={styles.actions}>
          <Button onClick={more.onBack}>{t("import.other")}</Button>
        </div>
      ) : (
        <Meanings log={log} choice={choice} {...more} />
      )}
    </>
  );
}
