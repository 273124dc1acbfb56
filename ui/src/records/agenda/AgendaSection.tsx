import { ChevronRight, PartyPopper } from "lucide-react";
import { useEffect, useState } from "react";

import type { ListQuery } from "@/api/records";
import type { Field } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";
import { messageOf } from "@/design/Failure";

import type { Dated } from "../dates/moments";
import { Sentinel } from "../list/Sentinel";
import { useRows } from "../query";
import styles from "./agenda.module.css";
import { AgendaItem } from "./AgendaItem";
import { type SectionName, sectionQuery } from "./sections";

interface Props {
  section: SectionName;
  dated: Dated;
  fields: Field[];
  query: ListQuery;
  /** Called once it is known what there is. */
  onKnown: (section: SectionName) => void;
}

/** One stretch of time; what is empty is left out, but for today. */
export function AgendaSection({ section, dated, fields, query, onKnown }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(section !== "done");
  const result = useRows(dated.object.name, sectionQuery(section, dated, query), open);
  useEffect(() => {
    if (!open || !result.loading) onKnown(section);
  }, [open, result.loading, onKnown, section]);
  const names: Record<SectionName, string> = {
    overdue: t("agenda.overdue"),
    today: t("agenda.today"),
    week: t("agenda.week"),
    later: t("agenda.later"),
    undated: t("agenda.undated"),
    done: t("agenda.done"),
  };
  const none = !result.loading && !result.error && result.rows.length === 0;
  if (none && section !== "today" && section !== "done") return null;
  const count = open && result.rows.length > 0 ? `${result.rows.length}${result.more ? "+" : ""}` : "";
  return (
    <section className={styles.section} aria-label={names[section]}>
      <h2>
        <button
          type="button"
          className={cx(styles.heading, section === "overdue" && styles.overdue)}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <ChevronRight size={14} aria-hidden className={styles.arrow} />
          {names[section]}
          <span className={cx(styles.count, "num")}>{count}</span>
        </button>
      </h2>
      {open && result.error ? <p className={styles.none}>{messageOf(result.error)}</p> : null}
      {open && none ? (
        <p className={styles.none}>
          {section === "today" ? <PartyPopper size={15} aria-hidden /> : null}
          {section === "today" ? t("agenda.nothingToday") : t("agenda.nothingDone")}
        </p>
      ) : null}
      {open && result.rows.length > 0 ? (
        <ul className={styles.items}>
          {result.rows.map((row) => (
            <AgendaItem key={row.id} dated={dated} fields={fields} row={row} late={section === "overdue"} />
          ))}
        </ul>
      ) : null}
      {open && result.more ? <Sentinel result={result} /> : null}
    </section>
  );
}
