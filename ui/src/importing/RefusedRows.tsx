import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Download } from "lucide-react";

import type { Job } from "@/api/types";
import { useTranslation } from "@/app/translation";

import { readCsv } from "./csv";
import styles from "./importing.module.css";

const ROWS_SHOWN = 20;
/** What the server puts behind the row's own cells: its line in the file, codes, messages, hints. */
const APPENDED = 4;

/** The first refused rows, each with why, and the file of all of them. */
export function RefusedRows({ job, words }: { job: Job; words: "import" | "history" }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["jobs", job.id, "errors"],
    queryFn: async () => {
      const answer = await fetch(job.errors_url ?? "", { credentials: "same-origin" });
      return readCsv(await answer.text(), ROWS_SHOWN + 1);
    },
    enabled: Boolean(job.errors_url) && job.refused > 0,
  });
  if (!job.errors_url || job.refused === 0) return null;
  const [head = [], ...rows] = data ?? [];
  const own = head.slice(0, -APPENDED);
  return (
    <section>
      <header className={styles.errorsHead}>
        <h2>{t(`${words}.refusedRows`, { count: job.refused })}</h2>
        <Button size="small" icon={<Download size={14} />} href={job.errors_url}>
          {t("import.errorsFile")}
        </Button>
      </header>
      <div
        className={styles.errors}
        role="group"
        aria-label={t(`${words}.refusedRows`, { count: job.refused })}
        tabIndex={0}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">{t(`${words}.line`)}</th>
              <th scope="col">{t("import.reason")}</th>
              {own.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => {
              const [line, , message, hint] = row.slice(-APPENDED);
              return (
                <tr key={index}>
                  <td className="num">{line}</td>
                  <td className={styles.why}>
                    {message}
                    {hint ? <small>{hint}</small> : null}
                  </td>
                  {own.map((name, place) => (
                    <td key={name} className={styles.cell}>
                      {row[place]}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
