import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { List, Plus } from "lucide-react";
import { useMemo, useState } from "react";

import type { Child, ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { expandOf, may, useCatalog, viewsOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { usePhone } from "@/design/media";
import { quote } from "@/filters/codec";

import { useCreate } from "../create/context";
import { Cards } from "../list/Cards";
import { useColumns } from "../list/columns";
import { Grid } from "../list/Grid";
import { useSelection } from "../list/selection";
import { useRows } from "../query";
import { prefillOf } from "../quick/prefill";
import styles from "./related.module.css";

interface Props {
  parent: ObjectDefinition;
  row: Row;
  child: Child;
}

/** The records of another object that point to this one; new ones start with the pointer set. */
export function Related({ parent, row, child }: Props) {
  const object = useCatalog().objects[child.object];
  return object ? <RelatedRows parent={parent} row={row} child={child} object={object} /> : null;
}

function RelatedRows({ parent, row, child, object }: Props & { object: ObjectDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  const phone = usePhone();
  const navigate = useNavigate();
  const create = useCreate();
  const [sort, setSort] = useState("-created_at");
  const view = viewsOf(useCatalog(), object.name).find((one) => one.kind === "list") ?? null;
  const columns = useColumns(object, view);
  const fields = columns.fields.filter((field) => field.name !== child.field).slice(0, 6);
  const filter = `${child.field} == ${quote(row.id)}`;
  const result = useRows(object.name, {
    filter,
    sort,
    limit: 20,
    expand: expandOf(
      object,
      fields.map((field) => field.name),
    ),
  });
  const selection = useSelection(child.name);
  const still = useMemo(() => ({ ...object, can: { ...object.can, bulk: false } }), [object]);
  const open = (target: Row) =>
    void navigate({ to: "/records/$object/$id", params: { object: object.name, id: target.id } });
  const prefill = prefillOf(parent, row, child, object);
  const add = may(object, "create") ? (
    <Button
      icon={<Plus size={15} />}
      onClick={() => create({ object: object.name, prefill, onCreated: () => undefined })}
    >
      {t("action.createThing", { thing: say(object.label) })}
    </Button>
  ) : null;
  if (result.error) return <Failure error={result.error} retry={result.retry} />;
  if (!result.loading && result.rows.length === 0) {
    return (
      <Empty
        icon={<ObjectIcon name={object.icon} size={20} />}
        title={t("detail.noRelated", { thing: say(child.label) })}
        hint={say(object.help)}
      >
        {add}
      </Empty>
    );
  }
  return (
    <div className={styles.related}>
      <div className={styles.tools}>
        {add}
        <Button
          type="text"
          icon={<List size={15} />}
          onClick={() =>
            void navigate({ to: "/records/$object", params: { object: object.name }, search: { filter, sort } })
          }
        >
          {t("record.related.all")}
        </Button>
      </div>
      {phone ? (
        <Cards object={object} fields={fields} result={result} onOpen={open} />
      ) : (
        <div className={styles.frame}>
          <Grid
            object={still}
            fields={fields}
            result={result}
            sort={sort}
            onSort={(next) => setSort(next ?? "-created_at")}
            selection={selection}
            active={-1}
            onOpen={open}
          />
        </div>
      )}
    </div>
  );
}
