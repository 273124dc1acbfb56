import { useQuery } from "@tanstack/react-query";
import { Checkbox } from "antd";

import { keys, records } from "@/api/records";
import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { Pill } from "@/design/Pill";

import { titleOf } from "../summary";
import styles from "./loop.module.css";
import { type Answering, bandOf, daysSince, isOpenUnder, mayAnswer, toneOf, useWaiting, type Waiting } from "./loops";

const MOST = 20;

/** What was ticked as answered, by the list that it stands in. */
export type Ticked = Map<string, Answering>;

interface Props {
  parent: ObjectDefinition;
  id: string;
  ticked: Ticked;
  onChange: (ticked: Ticked) => void;
}

/** What of a record still waits for an answer, the oldest first; a tick says that this note answers it. */
export function OpenOnes({ parent, id, ticked, onChange }: Props) {
  return (
    <>
      {useWaiting(parent)
        .filter(mayAnswer)
        .map((waiting) => (
          <OpenList
            key={waiting.child.name}
            waiting={waiting}
            id={id}
            rows={ticked.get(waiting.child.name)?.rows ?? []}
            onChange={(rows) => onChange(new Map(ticked).set(waiting.child.name, { waiting, rows }))}
          />
        ))}
    </>
  );
}

interface ListProps {
  waiting: Waiting;
  id: string;
  rows: Row[];
  onChange: (rows: Row[]) => void;
}

function OpenList({ waiting, id, rows, onChange }: ListProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const { object } = waiting;
  const since = object.loop?.since ?? "";
  const query = { filter: isOpenUnder(waiting, id), sort: since, limit: MOST };
  const { data } = useQuery({
    queryKey: keys.list(object.name, query),
    queryFn: ({ signal }) => records.list(object.name, query, null, signal),
  });
  if (!data || data.items.length === 0) return null;
  return (
    <fieldset className={styles.open}>
      <legend>
        {t("loop.open", { thing: say(object.label), count: data.items.length })}
        <small>{t("loop.tick")}</small>
      </legend>
      <ul>
        {data.items.map((row) => {
          const days = daysSince(row[since]);
          return (
            <li key={row.id}>
              <Checkbox
                checked={rows.some((one) => one.id === row.id)}
                onChange={(event) =>
                  onChange(event.target.checked ? [...rows, row] : rows.filter((one) => one.id !== row.id))
                }
              >
                {titleOf(object, row)}
              </Checkbox>
              <Pill color={toneOf(bandOf(days, object.loop?.ages ?? []))}>{t("loop.days", { count: days })}</Pill>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
