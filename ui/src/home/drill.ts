import type { PanelDefinition } from "@/api/home";
import type { Field } from "@/api/types";
import type { ListSearch } from "@/app/search";
import { quote } from "@/filters/codec";
import { NO_VIEW } from "@/records/list/views";

import type { Group, Whose } from "./answer";

const OWN = "owner == me";

/** Whether a panel shows only the viewer's own records. */
export function isOwn(panel: PanelDefinition, whose: Whose): boolean {
  return panel.whose === "mine" || (panel.whose === "home" && whose === "mine");
}

/** The address of the list that holds what a panel shows, or what one group of it does. */
export function drill(panel: PanelDefinition, whose: Whose, group?: string): ListSearch {
  const parts = [panel.filter, isOwn(panel, whose) ? OWN : "", group].filter(Boolean) as string[];
  const filter = parts.length > 1 ? parts.map(enclosed).join(" and ") : parts[0];
  return { view: panel.view || NO_VIEW, ...(filter ? { filter } : {}) };
}

/** The condition that a record is in a group, in the filter builder's own words where it has them. */
export function groupCondition(field: Field, key: Group["key"]): string {
  if (field.stored_type === "boolean") return key === true ? `${field.name} == true` : `${field.name} != true`;
  if (key === null) return `${field.name} == null`;
  if (field.stored_type === "select") return `${field.name} in [${quote(String(key))}]`;
  if (field.stored_type !== "date") return `${field.name} == ${quote(String(key))}`;
  const month = `date(${quote(String(key))})`;
  return `${field.name} >= ${month} and ${field.name} < add_months(${month}, 1)`;
}

function enclosed(part: string): string {
  return /\b(or|and)\b/.test(part.replace(/"(?:[^"\\]|\\.)*"/g, "")) ? `(${part})` : part;
}
