import type { Look, SavedView } from "@/api/views";
import type { ObjectDefinition, View } from "@/api/types";
import { fieldOf, isOwnView } from "@/catalog/catalog";
import type { Say } from "@/catalog/label";

/** The name that stands for no view: every record. */
export const NO_VIEW = "all";

const FALLBACK_COLUMNS = 6;

const BLANK: Look = {
  kind: "list",
  filter: "",
  sort: "",
  columns: [],
  board_field: "",
  limits: {},
  strict_limits: false,
  start_field: "",
  end_field: "",
  duration_field: "",
  done_field: "",
  group_by: "",
  density: "",
  widths: {},
};

/** A view as the page shows it, whether it came with the application or somebody saved it. */
export interface ListView {
  /** The name of a shipped view, the id of a saved one. */
  name: string;
  text: string;
  look: Look;
  saved: SavedView | null;
}

export function shippedView(object: ObjectDefinition, view: View, say: Say): ListView {
  const { kind, filter, sort, board_field, limits, strict_limits, start_field, end_field } = view;
  const look: Look = {
    ...BLANK,
    kind,
    filter,
    sort,
    columns: columnsOf(object, view.columns),
    board_field: board_field ?? "",
    limits: limits ?? {},
    strict_limits: strict_limits ?? false,
    start_field: start_field ?? "",
    end_field: end_field ?? "",
    duration_field: view.duration_field ?? "",
    done_field: view.done_field ?? "",
  };
  return { name: view.name, text: say(view.label), look, saved: null };
}

export function savedView(object: ObjectDefinition, view: SavedView): ListView {
  const columns = columnsOf(object, view.definition.columns);
  return { name: view.id, text: view.name, look: { ...BLANK, ...view.definition, columns }, saved: view };
}

/** Every record, with the columns of the object's first view. */
export function wholeView(object: ObjectDefinition, first: View | undefined, text: string): ListView {
  return { name: NO_VIEW, text, look: { ...BLANK, columns: columnsOf(object, first?.columns ?? []) }, saved: null };
}

/** The look in force as boards and calendars take it. */
export function asView(object: ObjectDefinition, view: ListView, look: Look): View {
  return { ...look, name: view.name, object: object.name, label: { zh: view.text, en: view.text } };
}

/** One's own saved views stand right after the shipped ones that everybody starts with, then those of others. */
export function arranged(shipped: ListView[], saved: ListView[]): ListView[] {
  const mine = saved.filter((view) => view.saved?.mine);
  const others = saved.filter((view) => !view.saved?.mine);
  const leading = shipped.filter((view) => view.look.kind === "list" && (isOwn(view) || view.look.filter === ""));
  const rest = shipped.filter((view) => !leading.includes(view));
  return [...leading, ...mine, ...others, ...rest];
}

/** Whether a view is about the viewer's own records. */
export function isOwn(view: ListView): boolean {
  return isOwnView(view.look);
}

export function isView(name: string | undefined, views: readonly ListView[]): boolean {
  return name === NO_VIEW || views.some((view) => view.name === name);
}

function columnsOf(object: ObjectDefinition, names: readonly string[]): string[] {
  const known = names.filter((name) => name !== object.title && fieldOf(object, name));
  if (names.length > 0) return known;
  const own = object.fields.filter(
    (field) => !field.system && field.name !== object.title && !["long_text", "json"].includes(field.stored_type),
  );
  const system = ["owner", "updated_at"].filter((name) => fieldOf(object, name));
  return [...own.slice(0, FALLBACK_COLUMNS).map((field) => field.name), ...system];
}
