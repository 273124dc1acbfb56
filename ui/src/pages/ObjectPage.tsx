import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo } from "react";

import { ApiError } from "@/api/client";
import type { ObjectDefinition } from "@/api/types";
import { useHotkeys } from "@/app/hotkeys";
import type { ListSearch } from "@/app/search";
import { useStable } from "@/app/stable";
import { PageTitle } from "@/app/shell/slot";
import { fieldOf, may, useCatalog, useObject } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { BoneLines } from "@/design/Bones";
import { Failure } from "@/design/Failure";
import { useCreate } from "@/records/create/context";
import { Laid } from "@/records/layout/Laid";
import { layoutOf } from "@/records/layout/layouts";
import { useUsualDensity } from "@/records/list/density";
import { useGroupedRows } from "@/records/list/grid/useGroupedRows";
import { queryOf } from "@/records/list/look";
import { MetaList } from "@/records/list/MetaList";
import { NoMatch, Nothing } from "@/records/list/Nothing";
import { Outdated } from "@/records/list/Outdated";
import { useSelection } from "@/records/list/selection";
import { Toolbar } from "@/records/list/Toolbar";
import { useLook } from "@/records/list/useLook";
import { type CurrentView, useView } from "@/records/list/view";
import { asView, NO_VIEW } from "@/records/list/views";
import { ViewTabs } from "@/records/list/ViewTabs";
import { useRows } from "@/records/query";

import { NotFoundPage } from "./NotFoundPage";

const FilterChips = lazy(() => import("@/filters/FilterChips").then((module) => ({ default: module.FilterChips })));
const ViewMenu = lazy(() => import("@/records/list/ViewMenu").then((module) => ({ default: module.ViewMenu })));

export function ObjectPage() {
  const { object: name } = useParams({ from: "/shell/records/$object" });
  const object = useObject(name);
  return object?.can.read ? <Opening key={name} object={object} /> : <NotFoundPage />;
}

/** Waits until it is known which view is meant, so that no other one flickers by. */
function Opening({ object }: { object: ObjectDefinition }) {
  const say = useLabel();
  const search = useSearch({ from: "/shell/records/$object" });
  const current = useView(object, search.view);
  const create = useCreate();
  const creatable = may(object, "create");
  useHotkeys({ c: (event) => creatable && (event.preventDefault(), create({ object: object.name })) });
  return (
    <>
      <PageTitle text={say(object.plural)}>
        <ObjectIcon name={object.icon} />
        <h1 className="cut">{say(object.plural)}</h1>
      </PageTitle>
      {current.ready ? <Records object={object} search={search} current={current} /> : <BoneLines />}
    </>
  );
}

interface RecordsProps {
  object: ObjectDefinition;
  search: ListSearch;
  current: CurrentView;
}

function Records({ object, search, current }: RecordsProps) {
  const catalog = useCatalog();
  const navigate = useNavigate({ from: "/records/$object" });
  const usual = useUsualDensity();
  const { view, views, whole } = current;
  const { look, changed, kept, keep, forget } = useLook(object.name, view, search);
  const drawn = asView(object, view, look);
  const layout = layoutOf(catalog, object, drawn, search);
  const listed = layout.kind === "list";
  const columns = look.columns.filter((name) => name !== object.title).join(",");
  const fields = useMemo(
    () => columns.split(",").map((name) => fieldOf(object, name)).filter((field) => field !== null),
    [object, columns],
  );
  const by = listed && look.group_by ? fieldOf(object, look.group_by) : null;
  const query = queryOf(object, look, search);
  const broken = view.saved?.problems.some((problem) => problem.path === "filter") && search.where === undefined;
  const plain = useRows(object.name, query, listed && !by && !broken);
  const grouped = useGroupedRows(object, query, broken ? null : by, fields);
  const result = by ? grouped.result : plain;
  const nothing = !result.loading && !result.stale && !result.error && !result.more && isEmpty(by ? grouped.grouping.lines : result.rows);
  const refined = look.filter !== view.look.filter;
  const narrowed = Boolean(search.q || look.filter || search.archived);
  useEffect(() => {
    if (nothing && listed && !search.q && !search.filter) current.passOver();
  });
  useEffect(() => {
    const columns = search.columns ? undefined : kept.columns?.join(",");
    const density = search.density ? undefined : kept.density;
    if (!columns && !density) return;
    const more = { ...(columns && { columns }), ...(density && { density }) };
    void navigate({ search: (now: ListSearch) => ({ ...now, view: view.name, ...more }), replace: true });
  }, [search.columns, search.density, kept, view.name, navigate]);
  const selection = useSelection(JSON.stringify([object.name, query, layout.kind]));
  const change = useStable((changes: Partial<ListSearch>) => {
    const { columns, density } = changes;
    if (columns || density) keep({ ...(columns && { columns: columns.split(",") }), ...(density && { density }) });
    void navigate({ search: (now: ListSearch) => ({ ...now, ...changes }), replace: true });
  });
  const filterBy = useStable(
    (filter: string) =>
      void import("@/records/list/onTop").then(({ filterOnTop }) =>
        change(filterOnTop({ catalog, object }, view.look.filter, filter)),
      ),
  );
  const go = (name: string | undefined) => {
    forget();
    void navigate({ search: name ? { view: name } : {}, replace: false });
  };
  return (
    <>
      <ViewTabs
        views={views}
        whole={whole}
        current={view}
        changed={changed}
        onPick={(name) => void navigate({ search: { view: name }, replace: false })}
        menu={
          <Suspense>
            <ViewMenu
              object={object}
              view={view}
              look={{ ...look, kind: layout.kind, board_field: layout.by && layout.kind === "board" ? layout.by.name : look.board_field }}
              changed={changed}
              standard={current.standard}
              onReset={() => {
                forget();
                void navigate({ search: { view: view.name, q: search.q }, replace: true });
              }}
              onGo={go}
            />
          </Suspense>
        }
      />
      <Toolbar
        object={object}
        view={drawn}
        look={look}
        search={search}
        layout={layout}
        refined={refined}
        onSearch={change}
        onFilter={filterBy}
      />
      <Outdated view={view} />
      {refined && look.filter ? (
        <Suspense>
          <FilterChips object={object} filter={look.filter} onChange={filterBy} />
        </Suspense>
      ) : null}
      {broken ? null : !listed ? (
        <Laid
          object={object}
          view={drawn}
          layout={layout}
          fields={fields}
          query={query}
          search={search}
          onSearch={change}
        />
      ) : result.error && result.rows.length === 0 ? (
        <ListFailure error={result.error} retry={result.retry} />
      ) : nothing && narrowed ? (
        <NoMatch onWiden={() => void navigate({ search: { view: NO_VIEW }, replace: true })} />
      ) : nothing ? (
        <Nothing object={object} />
      ) : (
        <MetaList
          object={object}
          fields={fields}
          result={result}
          query={query}
          sort={query.sort}
          onSort={(sort) => change({ sort })}
          selection={selection}
          density={look.density || usual}
          widths={look.widths}
          onWidths={(widths) => keep({ widths: { ...kept.widths, ...widths } })}
          by={by}
          grouping={by ? grouped.grouping : null}
        />
      )}
    </>
  );
}

function isEmpty(found: readonly unknown[]): boolean {
  return found.length === 0;
}

/** A list that can't be read. What is wrong with its filter is told where the filter is written, so only once. */
function ListFailure({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof ApiError && error.status === 422 && error.code !== "QUERY-001") return <NoMatch wrong />;
  return <Failure error={error} retry={retry} />;
}
