import { Button, Dropdown, Segmented } from "antd";
import { FolderPlus, Plus, X } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { IconButton } from "@/design/IconButton";

import { ConditionEditor, startCondition } from "./ConditionEditor";
import styles from "./filters.module.css";
import { reachChildren, type Scope, variableFor } from "./scope";
import { type Children, EMPTY_GROUP, type Group, type Item, MAX_DEPTH } from "./tree";

interface Props {
  scope: Scope;
  group: Group;
  depth: number;
  onChange: (group: Group) => void;
  onRemove?: () => void;
  /** Without a frame of its own: something around it has one. */
  bare?: boolean;
}

/** A group of conditions: all must hold, or one. Groups may lie in groups. */
export function GroupEditor({ scope, group, depth, onChange, onRemove, bare }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const put = (place: number, item: Item) =>
    onChange({ ...group, items: group.items.map((one, index) => (index === place ? item : one)) });
  const drop = (place: number) => onChange({ ...group, items: group.items.filter((_, index) => index !== place) });
  const add = (item: Item | null) => item && onChange({ ...group, items: [...group.items, item] });
  const lists = scope.variable ? [] : scope.object.children;
  return (
    <div className={cx(styles.group, depth > 1 && !bare && styles.inner)}>
      {group.items.length > 1 || (depth > 1 && !bare) ? (
        <div className={styles.join}>
          <Segmented
            size="small"
            aria-label={t("filter.join")}
            value={group.join}
            options={[
              { value: "and", label: t("filter.all") },
              { value: "or", label: t("filter.any") },
            ]}
            onChange={(join) => onChange({ ...group, join: join as Group["join"] })}
          />
          {onRemove ? (
            <IconButton size="small" label={t("filter.removeGroup")} icon={<X size={14} />} onClick={onRemove} />
          ) : null}
        </div>
      ) : null}
      {group.items.map((item, place) => (
        <div key={place} className={styles.item}>
          <span className={styles.leading}>{place === 0 ? t("filter.where") : t(`filter.${group.join}`)}</span>
          {item.kind === "condition" ? (
            <ConditionEditor
              scope={scope}
              condition={item}
              onChange={(next) => put(place, next)}
              onRemove={() => drop(place)}
            />
          ) : item.kind === "group" ? (
            <GroupEditor
              scope={scope}
              group={item}
              depth={depth + 1}
              onChange={(next) => put(place, next)}
              onRemove={() => drop(place)}
            />
          ) : (
            <ChildrenEditor
              scope={scope}
              item={item}
              depth={depth + 1}
              onChange={(next) => put(place, next)}
              onRemove={() => drop(place)}
            />
          )}
        </div>
      ))}
      <div className={styles.adders}>
        <Button type="text" size="small" icon={<Plus size={14} />} onClick={() => add(startCondition(scope))}>
          {t("filter.add")}
        </Button>
        {depth < MAX_DEPTH ? (
          <Button
            type="text"
            size="small"
            icon={<FolderPlus size={14} />}
            onClick={() => {
              const first = startCondition(scope);
              add({ kind: "group", join: group.join === "and" ? "or" : "and", items: first ? [first] : [] });
            }}
          >
            {t("filter.addGroup")}
          </Button>
        ) : null}
        {lists.length > 0 && depth < MAX_DEPTH ? (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: lists.map((child) => ({ key: child.name, label: say(child.label) })),
              onClick: ({ key }) => add({ kind: "children", path: [key], some: true, group: EMPTY_GROUP }),
            }}
          >
            <Button type="text" size="small" icon={<Plus size={14} />}>
              {t("filter.addChildren")}
            </Button>
          </Dropdown>
        ) : null}
      </div>
    </div>
  );
}

interface ChildrenProps {
  scope: Scope;
  item: Children;
  depth: number;
  onChange: (item: Children) => void;
  onRemove: () => void;
}

/** Whether there are related records for which some conditions hold. */
function ChildrenEditor({ scope, item, depth, onChange, onRemove }: ChildrenProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const found = reachChildren(scope, item.path);
  if (!found) return null;
  const inner: Scope = {
    catalog: scope.catalog,
    object: found.object,
    variable: variableFor(scope.object, found.object),
  };
  const name = [...found.via.map((field) => say(field.label)), say(found.child.label)].join(" › ");
  return (
    <div className={cx(styles.group, styles.inner)}>
      <div className={styles.join}>
        <b>{name}</b>
        <Segmented
          size="small"
          aria-label={name}
          value={item.some ? "some" : "none"}
          options={[
            { value: "some", label: t("filter.some") },
            { value: "none", label: t("filter.none") },
          ]}
          onChange={(next) => onChange({ ...item, some: next === "some" })}
        />
        <IconButton size="small" label={t("filter.removeGroup")} icon={<X size={14} />} onClick={onRemove} />
      </div>
      <GroupEditor
        scope={inner}
        group={item.group}
        depth={depth}
        bare
        onChange={(group) => onChange({ ...item, group })}
      />
    </div>
  );
}
