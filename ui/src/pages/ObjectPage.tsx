import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { FileUp, Plus, SearchX } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { ApiError } from "@/api/client";
import type { ListQuery } from "@/api/records";
import type { ObjectDefinition, View } from "@/api/types";
import type { ListSearch } from "@/app/search";
import { PageTitle } from "@/app/shell/slot";
import { expandOf, may, useCatalog, useObject, viewsOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { FilterChips } from "@/filters/FilterChips";
import { useCreate } from "@/records/create/context";
import { Laid } from "@/records/layout/Laid";
import { layoutOf } from "@/records/layout/layouts";
import { useColumns } from "@/records/list/columns";
import { MetaList } from "@/records/list/MetaList";
import { useSelection } from "@/records/list/selection";
import { Toolbar } from "@/records/list/Toolbar";
import { NO_VIEW, useView } from "@/records/list/view";
import { ViewTabs } from "@/records/list/ViewTabs";
import { useRows } from "@/records/query";

import { NotFoundPage } from "./NotFoundPage";

export function ObjectPage() {
  const { object: name } = useParams({ from: "/shell/records/$object" });
  const object = useObject(name);
  return object?.can.read ? <Records key={name} object={object} /> : <NotFoundPage />;
}

function Records({ object }: { object: ObjectDefinition }) {
  const say = useLabel();
  const catalog = useCatalog();
  const search = useSearch({ from: "/shell/records/$object" });
  const navigate = useNavigate({ from: "/records/$object" });
  const views = viewsOf(catalog, object.name);
  const { view, name: viewName, passOver } = useView(object.name, views, search.view);
  const layout = layoutOf(catalog, object, view, search);
  const columns = useColumns(object, view, view ?? views[0] ?? null);
  const query = queryOf(object, view, search, columns.chosen);
  const result = useRows(object.name, query, layout.kind === "list");
  const nothing = !result.loading && !result.stale && !result.error && result.rows.length === 0;
  useEffect(() => {
    if (nothing && layout.kind === "list" && !search.q && !search.filter) passOver();
  });
  const selection = useSelection(JSON.stringify([object.name, query, layout.kind]));
  const change = (changes: Partial<ListSearch>) =>
    void navigate({ search: (now: ListSearch) => ({ ...now, ...changes }), replace: true });
  const problem = filterProblem(result.error);
  return (
    <>
      <PageTitle text={say(object.plural)}>
        <ObjectIcon name={object.icon} />
        <h1 className="cut">{say(object.plural)}</h1>
      </PageTitle>
      <ViewTabs
        views={views}
        current={viewName}
        none={NO_VIEW}
        onPick={(next) => void navigate({ search: { view: next }, replace: false })}
      />
      <Toolbar
        object={object}
        view={view}
        search={search}
        layout={layout}
        columns={columns}
        problem={problem}
        onSearch={change}
      />
      <FilterChips
        object={object}
        filter={search.filter ?? ""}
        onChange={(filter) => change({ filter: filter || undefined })}
      />
      {layout.kind !== "list" ? (
        <Laid
          object={object}
          view={view}
          layout={layout}
          fields={columns.fields}
          query={query}
          search={search}
          onSearch={change}
        />
      ) : result.error ? (
        <Failure error={result.error} retry={result.retry} />
      ) : nothing ? (
        <Nothing
          object={object}
          narrowed={Boolean(search.q || search.filter || view?.filter)}
          onWiden={() => change({ q: undefined, filter: undefined, view: NO_VIEW })}
        />
      ) : (
        <MetaList
          object={object}
          fields={columns.fields}
          result={result}
          sort={query.sort}
          onSort={(sort) => change({ sort })}
          selection={selection}
        />
      )}
    </>
  );
}

function queryOf(object: ObjectDefinition, view: View | null, search: ListSearch, columns: string[]): ListQuery {
  return {
    view: view?.name,
    filter: search.filter,
    q: search.q,
    sort: search.sort ?? (view?.sort || "-updated_at"),
    expand: expandOf(object, columns),
    archived: search.archived,
  };
}

/** What the server says about the filter's text, to be shown under it; null for other failures. */
function filterProblem(error: Error | null): string | null {
  if (!(error instanceof ApiError) || !error.code.startsWith("EXPR-")) return null;
  return error.reasons
    .map(({ message, excerpt, hint }) => [message, excerpt, hint].filter(Boolean).join("\n"))
    .join("\n\n");
}

interface NothingProps {
  object: ObjectDefinition;
  narrowed: boolean;
  onWiden: () => void;
}

function Nothing({ object, narrowed, onWiden }: NothingProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const create = useCreate();
  const navigate = useNavigate();
  if (narrowed) {
    return (
      <Empty icon={<SearchX size={22} />} title={t("list.noMatch")} hint={t("list.noMatchHint")}>
        <Button onClick={onWiden}>{t("list.showAll")}</Button>
      </Empty>
    );
  }
  return (
    <Empty
      icon={<ObjectIcon name={object.icon} size={22} />}
      title={t("list.empty", { thing: say(object.plural) })}
      hint={say(object.help) || t("list.emptyHint")}
    >
      {may(object, "create") ? (
        <Button type="primary" icon={<Plus size={15} />} onClick={() => create({ object: object.name })}>
          {t("action.createThing", { thing: say(object.label) })}
        </Button>
      ) : null}
      {may(object, "import") ? (
        <Button
          icon={<FileUp size={15} />}
          onClick={() => void navigate({ to: "/records/$object/import", params: { object: object.name } })}
        >
          {t("import.fromFile")}
        </Button>
      ) : null}
    </Empty>
  );
}
