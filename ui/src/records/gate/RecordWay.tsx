import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { Plus } from "lucide-react";

import { keys, records } from "@/api/records";
import type { ObjectDefinition, Row, Values } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, may, mayDo, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { Cell } from "@/fields/Cell";
import { sameValue } from "@/fields/wire";
import { quote } from "@/filters/codec";

import { spoilRecords } from "../cache";
import { useCreate } from "../create/context";
import { titleOf } from "../summary";
import { useUndoable } from "../undo";
import { type Belonging, belongingOf, type Demand, newAmong } from "./deliverable";
import styles from "./gate.module.css";

const MOST = 5;

interface Props {
  object: ObjectDefinition;
  row: Row;
  demand: Demand;
}

/** How a record deliverable is met: by a new record, or by one of those that are there and only lack what is asked. */
export function RecordWay({ object, row, demand }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const client = useQueryClient();
  const { objects } = useCatalog();
  const create = useCreate();
  const of = demand.of ?? "";
  const belonging = belongingOf(objects, object, row, of);
  const child = belonging ? objects[belonging.child.object] : undefined;
  const first = of.includes(".") && !belonging ? fieldOf(object, of.split(".")[0] ?? "") : null;
  if (first) return <p className={styles.hint}>{t("gate.fillFirst", { field: say(first.label) })}</p>;
  if (!belonging || !child) return null;
  return (
    <div className={styles.way}>
      <OnesThere child={child} belonging={belonging} values={demand.values ?? {}} />
      {may(child, "create") ? (
        <Button
          size="small"
          icon={<Plus size={14} />}
          onClick={() => create({ ...newAmong(belonging, demand.values), onCreated: () => void spoilRecords(client) })}
        >
          {t("action.createThing", { thing: say(child.label) })}
        </Button>
      ) : null}
    </div>
  );
}

interface OnesProps {
  child: ObjectDefinition;
  belonging: Belonging;
  /** What a record that meets the deliverable starts with. */
  values: Values;
}

/** The newest records that belong there already, each with a press that gives it what it lacks; opened beside the form. */
function OnesThere({ child, belonging, values }: OnesProps) {
  const query = { filter: `${belonging.child.field} == ${quote(belonging.parent.id)}`, sort: "-updated_at", limit: MOST };
  const { data } = useQuery({
    queryKey: keys.list(child.name, query),
    queryFn: ({ signal }) => records.list(child.name, query, null, signal),
  });
  if (!data || data.items.length === 0) return null;
  return (
    <div className={styles.there}>
      {data.items.map((row) => (
        <div key={row.id}>
          <a href={`/records/${child.name}/${row.id}`} target="_blank" rel="noreferrer" className="cut">
            {titleOf(child, row)}
          </a>
          <Give child={child} row={row} values={values} />
        </div>
      ))}
    </div>
  );
}

function Give({ child, row, values }: { child: ObjectDefinition; row: Row; values: Values }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  const undoable = useUndoable();
  const lacking = child.fields.filter((field) => field.name in values && !sameValue(row[field.name], values[field.name]));
  if (lacking.length === 0 || !mayDo(child, row, "update")) return null;
  const write = async (version: number, changes: Values): Promise<Row | null> => {
    try {
      const written = await records.update(child.name, row.id, version, changes);
      await spoilRecords(client);
      return written;
    } catch (error) {
      void message.error(messageOf(error));
      return null;
    }
  };
  const give = async () => {
    const before = Object.fromEntries(lacking.map((field) => [field.name, row[field.name] ?? null]));
    const written = await write(row.version, Object.fromEntries(lacking.map((field) => [field.name, values[field.name]])));
    if (written) undoable(t("gate.given", { name: titleOf(child, row) }), () => void write(written.version, before));
  };
  return (
    <button type="button" className={styles.give} onClick={() => void give()}>
      {t("gate.give")}
      {lacking.map((field) => (
        <Cell key={field.name} object={child} row={row} field={field} value={values[field.name]} />
      ))}
    </button>
  );
}
