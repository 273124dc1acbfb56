import { Button, Popover } from "antd";
import { Plus, SlidersHorizontal } from "lucide-react";
import { lazy, Suspense } from "react";

import type { ObjectDefinition, View } from "@/api/types";
import type { Look } from "@/api/views";
import type { ListSearch } from "@/app/search";
import { useStable } from "@/app/stable";
import { useTranslation } from "@/app/translation";
import { may } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Bone } from "@/design/Bones";
import { usePhone } from "@/design/media";

import { useCreate } from "../create/context";
import { LayoutPicker } from "../layout/LayoutPicker";
import type { Layout } from "../layout/layouts";
import { FilterButton } from "./FilterButton";
import { MoreMenu } from "./MoreMenu";
import { QuickSearch } from "./QuickSearch";
import styles from "./toolbar.module.css";

const DisplayPanel = lazy(() => import("./DisplayPanel").then((module) => ({ default: module.DisplayPanel })));

interface Props {
  object: ObjectDefinition;
  view: View;
  look: Look;
  search: ListSearch;
  layout: Layout;
  /** Whether the filter is another than the view's own. */
  refined: boolean;
  onSearch: (changes: Partial<ListSearch>) => void;
  /** Takes the whole filter, the view's own conditions included. */
  onFilter: (filter: string) => void;
}

/** Search, filter, display, layout, export, create. */
export function Toolbar({ object, view, look, search, layout, refined, onSearch, onFilter }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const phone = usePhone();
  const create = useCreate();
  const creatable = may(object, "create");
  const find = useStable((q: string) => onSearch({ q: q || undefined }));
  return (
    <div className={styles.bar} role="toolbar" aria-label={t("list.tools")}>
      <QuickSearch value={search.q ?? ""} onChange={find} />
      <FilterButton object={object} filter={look.filter} refined={refined} onApply={onFilter} />
      {phone ? null : (
        <Popover
          trigger="click"
          placement="bottomLeft"
          arrow={false}
          destroyOnHidden
          content={
            <Suspense fallback={<Bone width={280} height={80} />}>
              <DisplayPanel object={object} look={look} listed={layout.kind === "list"} onSearch={onSearch} />
            </Suspense>
          }
        >
          <Button icon={<SlidersHorizontal size={15} />}>{t("list.display")}</Button>
        </Popover>
      )}
      <span className={styles.space} />
      <LayoutPicker layout={layout} view={view} onSearch={onSearch} />
      <MoreMenu object={object} look={look} search={search} onSearch={onSearch} />
      {creatable && !phone ? (
        <Button type="primary" icon={<Plus size={15} />} onClick={() => create({ object: object.name })}>
          {t("action.createThing", { thing: say(object.label) })}
        </Button>
      ) : null}
    </div>
  );
}
