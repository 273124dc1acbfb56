import { X } from "lucide-react";
import { Fragment } from "react";

import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { optionsOf, targetOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { formatNumber, formatShortMoney } from "@/format/number";
import { RecordName } from "@/records/RecordName";

import styles from "./filters.module.css";
import { operatorsOf } from "./operators";
import { readFilter } from "./read";
import { reach, reachChildren, type Reached, type Scope, variableFor } from "./scope";
import { type Condition, type Group, type Item, writeGroup } from "./tree";

interface Props {
  object: ObjectDefinition;
  filter: string;
  onChange: (filter: string) => void;
}

/** Conditions, each of which can be taken away. */
export function FilterChips({ object, filter, onChange }: Props) {
  const { t } = useTranslation();
  const catalog = useCatalog();
  const nameOf = useItemName();
  if (!filter) return null;
  const scope: Scope = { catalog, object };
  const group = readFilter(filter, scope);
  if (!group) {
    return (
      <div className={styles.chips}>
        <span className={styles.chip}>
          <code className="cut">{filter}</code>
          <Remove label={t("filter.clear")} onClick={() => onChange("")} />
        </span>
      </div>
    );
  }
  const parts: Item[] = group.join === "and" ? group.items : [group];
  return (
    <div className={styles.chips}>
      {parts.map((item, index) => (
        <span key={index} className={styles.chip}>
          <ItemText item={item} scope={scope} />
          <Remove
            label={t("filter.remove", { field: nameOf(item, scope) })}
            onClick={() => {
              const items = parts.filter((_, place) => place !== index);
              onChange(writeGroup({ kind: "group", join: "and", items }, scope));
            }}
          />
        </span>
      ))}
    </div>
  );
}

function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className={styles.chipRemove} aria-label={label} onClick={onClick}>
      <X size={13} aria-hidden />
    </button>
  );
}

/** Names an item by the fields in it. */
function useItemName(): (item: Item, scope: Scope) => string {
  const { t } = useTranslation();
  const say = useLabel();
  const nameOf = (item: Item, scope: Scope): string => {
    if (item.kind === "group") return item.items.map((one) => nameOf(one, scope)).join(t("filter.comma"));
    if (item.kind === "children") return say(reachChildren(scope, item.path)?.child.label);
    return labelOf(reachedBy(item, scope), say);
  };
  return nameOf;
}

/** An item in words. */
function ItemText({ item, scope }: { item: Item; scope: Scope }) {
  const { t } = useTranslation();
  const say = useLabel();
  if (item.kind === "group") return <GroupText group={item} scope={scope} />;
  if (item.kind === "children") {
    const found = reachChildren(scope, item.path);
    if (!found) return null;
    const inner: Scope = {
      catalog: scope.catalog,
      object: found.object,
      variable: variableFor(scope.object, found.object),
    };
    return (
      <>
        <span>{item.some ? t("filter.some") : t("filter.none")}</span>
        <b>{[...found.via, found.child].map((one) => say(one.label)).join(" › ")}</b>
        {item.group.items.length > 0 ? <GroupText group={item.group} scope={inner} /> : null}
      </>
    );
  }
  const found = reachedBy(item, scope);
  if (!found) return null;
  return (
    <>
      <b>{labelOf(found, say)}</b>
      <span>{t(`operator.${item.operator}`)}</span>
      <Value found={found} condition={item} />
    </>
  );
}

function GroupText({ group, scope }: { group: Group; scope: Scope }) {
  const { t } = useTranslation();
  return (
    <>
      {group.items.map((item, place) => (
        <Fragment key={place}>
          {place > 0 ? <span className={styles.joiner}>{t(`filter.${group.join}`)}</span> : null}
          <ItemText item={item} scope={scope} />
        </Fragment>
      ))}
    </>
  );
}

function reachedBy(item: Condition, scope: Scope): Reached | null {
  return reach(scope, scope.variable ? [scope.variable, ...item.path] : item.path);
}

function labelOf(found: Reached | null, say: ReturnType<typeof useLabel>): string {
  return found ? [...found.via, found.field].map((field) => say(field.label)).join(" › ") : "";
}

function Value({ found, condition }: { found: Reached; condition: Condition }) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const { field, object } = found;
  const options = optionsOf(useCatalog(), object, field);
  const kind = operatorsOf(field.stored_type).find((one) => one.id === condition.operator)?.value;
  const { value } = condition;
  if (kind === "none" || value === null) return null;
  if (kind === "record")
    return (
      <b className="cut">
        <RecordName object={targetOf(field)} id={String(value)} />
      </b>
    );
  if (kind === "days" || kind === "hours") return <b>{t(`span.${kind}`, { count: Number(value) })}</b>;
  if (kind === "number") {
    const figure = Number(value);
    const text =
      field.stored_type === "money"
        ? formatShortMoney(figure, field.currency ?? "CNY", i18n.language)
        : formatNumber(figure, i18n.language, undefined, field.grouped);
    return <b>{text}</b>;
  }
  const names = (Array.isArray(value) ? value : [value]).map((one) =>
    say(options.find((option) => option.value === one)?.label ?? String(one)),
  );
  return <b className="cut">{names.join(t("filter.comma"))}</b>;
}
