import { useQuery } from "@tanstack/react-query";
import { ArrowUpRight, X } from "lucide-react";

import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { isVisible } from "@/catalog/condition";
import { IconButton } from "@/design/IconButton";
import { Kbd } from "@/design/Kbd";
import { RecordLink } from "@/design/RecordLink";
import { Cell } from "@/fields/Cell";
import { isEmptyValue } from "@/fields/kinds";

import { recordQuery } from "../query";
import { titleOf, useStateField } from "../summary";
import styles from "./preview.module.css";

interface Props {
  object: ObjectDefinition;
  /** What the list knows of the record; the rest is read. */
  row: Row;
  onClose: () => void;
}

/** A record beside the list: what it says, without leaving where one is. */
export function Preview({ object, row, onClose }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const state = useStateField(object);
  const { data } = useQuery(recordQuery(object, row.id));
  const shown = data ?? row;
  const filled = object.fields.filter(
    (field) =>
      field.name !== object.title &&
      field.name !== state?.name &&
      !["json", "file", "files", "photo", "signature"].includes(field.stored_type) &&
      isVisible(field, shown) &&
      !isEmptyValue(shown[field.name]),
  );
  const own = filled.filter((field) => !field.system);
  const system = filled.filter((field) => field.system);
  return (
    <aside className={styles.preview} aria-label={t("list.preview", { title: titleOf(object, shown) })}>
      <header className={styles.head}>
        <div className={styles.title}>
          <h2>
            <RecordLink object={object.name} id={row.id}>{titleOf(object, shown)}</RecordLink>
          </h2>
          {state && !isEmptyValue(shown[state.name]) ? (
            <Cell object={object} field={state} value={shown[state.name]} row={shown} dense />
          ) : null}
        </div>
        <RecordLink object={object.name} id={row.id} className={styles.open} aria-label={t("list.open")}>
          <ArrowUpRight size={16} aria-hidden />
        </RecordLink>
        <IconButton label={t("action.close")} icon={<X size={16} />} onClick={onClose} />
      </header>
      <dl className={styles.facts} aria-live="polite">
        {[...own, ...system].map((field) => (
          <div key={field.name} className={styles.fact}>
            <dt>{say(field.label)}</dt>
            <dd>
              <Cell object={object} field={field} value={shown[field.name]} row={shown} />
            </dd>
          </div>
        ))}
      </dl>
      <footer className={styles.keys}>
        <span>
          <Kbd keys="J" /> <Kbd keys="K" /> {t("list.keyMove")}
        </span>
        <span>
          <Kbd keys="Enter" /> {t("list.keyOpen")}
        </span>
        <span>
          <Kbd keys="Esc" /> {t("action.close")}
        </span>
      </footer>
    </aside>
  );
}
