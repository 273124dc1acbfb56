import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CopyCheck } from "lucide-react";
import { useDeferredValue } from "react";

import type { ObjectDefinition, Values } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { type Duplicate, duplicatesQuery } from "@/conflicts/conflicts";

import styles from "./may.module.css";

const TELLING = ["text", "phone", "email", "url"];

/** Says while a record is being made which ones may be the same already; of hidden ones only that they are there. */
export function MayExist({ object, values }: { object: ObjectDefinition; values: Values }) {
  const { t } = useTranslation();
  const asked = useDeferredValue(JSON.stringify(tellingOf(object, values)));
  const { data } = useQuery({
    ...duplicatesQuery(object.name, JSON.parse(asked) as Values),
    enabled: asked !== "{}",
    placeholderData: keepPreviousData,
  });
  const items = asked === "{}" ? [] : (data?.items ?? []);
  if (items.length === 0) return null;
  return (
    <aside className={styles.box} role="status" aria-label={t("clash.mayExist")}>
      <p className={styles.head}>
        <CopyCheck size={15} aria-hidden />
        {t("clash.mayExist")}
      </p>
      <ul>
        {items.map((one, index) => (
          <li key={one.id ?? index}>
            <One object={object} one={one} />
          </li>
        ))}
      </ul>
    </aside>
  );
}

function One({ object, one }: { object: ObjectDefinition; one: Duplicate }) {
  const { t } = useTranslation();
  const say = useLabel();
  const field = say(fieldOf(object, one.field)?.label);
  const owner = one.owner?.label;
  if (!one.id) {
    const words = owner ? "clash.hiddenSame" : "clash.hiddenPoolSame";
    return <span>{t(words, { thing: say(object.label), field, owner })}</span>;
  }
  return (
    <>
      <a href={`/records/${object.name}/${one.id}`} target="_blank" rel="noreferrer">
        {one.label ?? one.id.slice(0, 8)}
      </a>
      <small>
        {one.exact ? t("clash.same", { field }) : t("clash.near", { score: one.score })}
        {owner ? ` · ${t("clash.owner", { name: owner })}` : ""}
      </small>
    </>
  );
}

/** The short texts typed so far: what may tell two records apart. */
function tellingOf(object: ObjectDefinition, values: Values): Values {
  const told = object.fields.filter((field) => {
    const value = values[field.name];
    return TELLING.includes(field.type) && typeof value === "string" && value.trim().length > 3;
  });
  return Object.fromEntries(told.map((field) => [field.name, values[field.name]]));
}
