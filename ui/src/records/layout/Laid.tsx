import { lazy, Suspense } from "react";

import type { ListQuery } from "@/api/records";
import type { ListSearch } from "@/app/search";
import type { Field, ObjectDefinition, View } from "@/api/types";
import { BoneLines } from "@/design/Bones";

import { datedOf } from "../dates/moments";
import type { Layout } from "./layouts";

const MetaBoard = lazy(() => import("../board/MetaBoard").then((module) => ({ default: module.MetaBoard })));
const MetaAgenda = lazy(() => import("../agenda/MetaAgenda").then((module) => ({ default: module.MetaAgenda })));
const Calendar = lazy(() => import("../calendar/Calendar").then((module) => ({ default: module.Calendar })));

interface Props {
  object: ObjectDefinition;
  view: View | null;
  layout: Layout;
  fields: Field[];
  query: ListQuery;
  search: ListSearch;
  onSearch: (changes: Partial<ListSearch>) => void;
}

/** The records of an object laid out otherwise than as a list. */
export function Laid({ object, view, layout, fields, query, search, onSearch }: Props) {
  const dated = datedOf(object, layout.dated);
  return (
    <Suspense fallback={<BoneLines />}>
      {layout.kind === "board" && layout.by ? (
        <MetaBoard object={object} view={view} by={layout.by} fields={fields} query={query} />
      ) : null}
      {layout.kind === "calendar" && dated ? (
        <Calendar
          sources={[{ dated, query: { view: query.view, filter: query.filter, q: query.q } }]}
          place={search}
          onPlace={({ on, span }) => onSearch({ on, span })}
        />
      ) : null}
      {layout.kind === "agenda" && dated ? (
        <MetaAgenda object={object} dated={dated} fields={fields} query={query} />
      ) : null}
    </Suspense>
  );
}
