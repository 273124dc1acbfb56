import { FlaskConical, Waypoints } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { Dropzone } from "@/design/Dropzone";

import styles from "../importing.module.css";

const NOTES = [
  { name: "becomes", Icon: Waypoints },
  { name: "safe", Icon: FlaskConical },
];

/** Where a log comes from, and what will become of it. */
export function LogSource({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Dropzone
        title={t("history.drop")}
        hint={t("history.dropHint")}
        accept=".xes,.gz,.csv,.tsv,.txt,.xlsx,.xls,.xlsm,.ods,application/gzip,text/xml,text/csv"
        onFiles={(files) => files[0] && onFile(files[0])}
      />
      <div className={styles.ways}>
        {NOTES.map(({ name, Icon }) => (
          <section key={name} className={styles.way}>
            <h2>
              <Icon size={15} aria-hidden />
              {t(`history.${name}`)}
            </h2>
            <p>{t(`history.${name}Hint`)}</p>
          </section>
        ))}
      </div>
    </>
  );
}
