import { Badge, Button, Checkbox, Drawer, Dropdown, Input, Popover } from "antd";
import { Archive, Columns3, Download, FileUp, ListFilter, Plus, Search } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import type { InputRef } from "antd";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useHotkeys } from "@/app/hotkeys";
import type { ListSearch } from "@/app/search";
import type { Field, ObjectDefinition, View } from "@/api/types";
import { may } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Bone } from "@/design/Bones";
import { IconButton } from "@/design/IconButton";
import { Kbd } from "@/design/Kbd";
import { usePhone } from "@/design/media";

import { useCreate } from "../create/context";
import { LayoutPicker } from "../layout/LayoutPicker";
import type { Layout } from "../layout/layouts";
import styles from "./toolbar.module.css";

const FilterPanel = lazy(() => import("@/filters/FilterPanel").then((module) => ({ default: module.FilterPanel })));
const ExportPanel = lazy(() =>
  import("@/exporting/ExportPanel").then((module) => ({ default: module.ExportPanel })),
);
const TYPING_MS = 250;

interface Props {
  object: ObjectDefinition;
  view: View | null;
  search: ListSearch;
  layout: Layout;
  columns: { chosen: string[]; choose: (names: string[]) => void; reset: () => void };
  problem: string | null;
  onSearch: (changes: Partial<ListSearch>) => void;
}

/** Search, filter, columns, layout, export, create. */
export function Toolbar({ object, view, search, layout, columns, problem, onSearch }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const phone = usePhone();
  const create = useCreate();
  const creatable = may(object, "create");
  useHotkeys({ c: (event) => creatable && (event.preventDefault(), create({ object: object.name })) });
  return (
    <div className={styles.bar} role="toolbar" aria-label={t("list.tools")}>
      <QuickSearch value={search.q ?? ""} onChange={(q) => onSearch({ q: q || undefined })} />
      <FilterButton
        object={object}
        filter={search.filter ?? ""}
        problem={problem}
        onApply={(filter) => onSearch({ filter: filter || undefined })}
      />
      {phone ? null : <ColumnButton object={object} columns={columns} />}
      <span className={styles.space} />
      <LayoutPicker layout={layout} view={view} onSearch={onSearch} />
      <MoreMenu object={object} view={view} search={search} columns={columns} onSearch={onSearch} />
      {creatable && !phone ? (
        <Button type="primary" icon={<Plus size={15} />} onClick={() => create({ object: object.name })}>
          {t("action.createThing", { thing: say(object.label) })}
        </Button>
      ) : null}
    </div>
  );
}

function QuickSearch({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const box = useRef<InputRef>(null);
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what is typed starts the clock
  }, [typed]);
  useHotkeys({
    "/": (event) => {
      event.preventDefault();
      box.current?.focus();
    },
  });
  return (
    <Input
      ref={box}
      className={styles.search}
      value={typed}
      allowClear
      type="search"
      prefix={<Search size={15} aria-hidden />}
      suffix={phone || typed ? null : <Kbd keys="/" />}
      placeholder={t("list.search")}
      aria-label={t("list.search")}
      onChange={(event) => setTyped(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") box.current?.blur();
      }}
    />
  );
}

interface FilterProps {
  object: ObjectDefinition;
  filter: string;
  problem: string | null;
  onApply: (filter: string) => void;
}

function FilterButton({ object, filter, problem, onApply }: FilterProps) {
  const { t } = useTranslation();
  const phone = usePhone();
  const [open, setOpen] = useState(false);
  const button = (
    <Badge dot={filter !== ""} color={problem ? "var(--danger)" : "var(--accent)"} offset={[-4, 4]}>
      <Button
        icon={<ListFilter size={15} />}
        aria-expanded={open}
        aria-label={t("filter.title")}
        onClick={phone ? () => setOpen(true) : undefined}
      >
        {phone ? null : t("filter.title")}
      </Button>
    </Badge>
  );
  const panel: ReactNode = (
    <Suspense fallback={<Bone height={80} />}>
      <FilterPanel
        key={filter}
        object={object}
        filter={filter}
        problem={problem}
        onApply={(next) => {
          onApply(next);
          if (phone) setOpen(false);
        }}
      />
    </Suspense>
  );
  if (phone) {
    return (
      <>
        {button}
        <Drawer open={open} title={t("filter.title")} placement="bottom" size="80%" onClose={() => setOpen(false)}>
          {panel}
        </Drawer>
      </>
    );
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      content={panel}
      destroyOnHidden
    >
      {button}
    </Popover>
  );
}

function ColumnButton({ object, columns }: Pick<Props, "object" | "columns">) {
  const { t } = useTranslation();
  const say = useLabel();
  const all = object.fields.filter((field: Field) => field.name !== object.title);
  const toggle = (name: string, on: boolean) =>
    columns.choose(on ? [...columns.chosen, name] : columns.chosen.filter((other) => other !== name));
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      content={
        <div className={styles.columns}>
          <ul>
            {all.map((field) => (
              <li key={field.name}>
                <Checkbox
                  checked={columns.chosen.includes(field.name)}
                  onChange={(event) => toggle(field.name, event.target.checked)}
                >
                  {say(field.label)}
                </Checkbox>
              </li>
            ))}
          </ul>
          <Button size="small" type="text" onClick={columns.reset}>
            {t("list.columnsReset")}
          </Button>
        </div>
      }
    >
      <Button icon={<Columns3 size={15} />}>{t("list.columns")}</Button>
    </Popover>
  );
}

function MoreMenu({
  object,
  view,
  search,
  columns,
  onSearch,
}: Pick<Props, "object" | "view" | "search" | "columns" | "onSearch">) {
  const { t } = useTranslation();
  const say = useLabel();
  const navigate = useNavigate();
  const [exporting, setExporting] = useState<"no" | "yes" | "was">("no");
  return (
    <>
      <Dropdown
        trigger={["click"]}
        placement="bottomRight"
        menu={{
          items: [
            may(object, "import") && {
              key: "import",
              icon: <FileUp size={15} />,
              label: t("import.title"),
              onClick: () => void navigate({ to: "/records/$object/import", params: { object: object.name } }),
            },
            may(object, "export") && {
              key: "export",
              icon: <Download size={15} />,
              label: t("exporting.title", { things: say(object.plural) }),
              onClick: () => setExporting("yes"),
            },
            {
              key: "archived",
              icon: <Archive size={15} />,
              label: search.archived ? t("list.hideArchived") : t("list.showArchived"),
              onClick: () => onSearch({ archived: search.archived ? undefined : true }),
            },
          ].filter((item) => item !== false),
        }}
      >
        <span>
          <IconButton label={t("shell.more")} icon={<span aria-hidden>{"⋯"}</span>} />
        </span>
      </Dropdown>
      {exporting === "no" ? null : (
        <Suspense fallback={null}>
          <ExportPanel
            object={object}
            list={{
              view: view?.name,
              filter: search.filter,
              q: search.q,
              sort: search.sort,
              archived: search.archived,
            }}
            columns={[object.title, ...columns.chosen.filter((name) => name !== object.title)]}
            open={exporting === "yes"}
            onClose={() => setExporting("was")}
          />
        </Suspense>
      )}
    </>
  );
}
