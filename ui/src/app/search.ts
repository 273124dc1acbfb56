import type { ViewKind } from "@/api/types";
import type { Density } from "@/api/views";

const LAYOUTS: ViewKind[] = ["list", "board", "calendar", "agenda"];
const DENSITIES: Density[] = ["compact", "normal", "comfortable"];

/** What the address of a list says. Absent parts take the view's own setting. */
export interface ListSearch {
  view?: string;
  q?: string;
  /** Conditions on top of the view's own. */
  filter?: string;
  /** Conditions in the place of the view's own; empty for none. */
  where?: string;
  sort?: string;
  /** Names with commas between them. */
  columns?: string;
  /** The field by whose values the list is grouped; empty for none. */
  group?: string;
  density?: Density;
  layout?: ViewKind;
  /** The field that a board has its columns from. */
  by?: string;
  /** The day that a calendar is at. */
  on?: string;
  /** How much of it: a month, a week, a day. */
  span?: string;
  archived?: boolean;
}

export interface HomeSearch {
  /** Only the viewer's own records, where they may choose. */
  whose?: "mine";
}

export interface RecordSearch {
  tab?: string;
}

/** What the address of the calendar says. */
export interface CalendarSearch {
  on?: string;
  span?: string;
  /** The calendars that are switched off, with commas. */
  off?: string;
  whose?: string;
}

export function readCalendarSearch(raw: Record<string, unknown>): CalendarSearch {
  const found: CalendarSearch = {};
  for (const name of ["on", "span", "off", "whose"] as const) {
    if (typeof raw[name] === "string" && raw[name]) found[name] = raw[name];
  }
  return found;
}

export function readListSearch(raw: Record<string, unknown>): ListSearch {
  const found: ListSearch = {};
  for (const name of ["view", "q", "filter", "sort", "columns", "by", "on", "span"] as const) {
    const value = raw[name];
    if (value !== undefined && value !== null && value !== "") found[name] = String(value);
  }
  for (const name of ["where", "group"] as const) {
    const value = raw[name];
    if (value !== undefined && value !== null) found[name] = String(value);
  }
  const layout = LAYOUTS.find((kind) => kind === raw.layout);
  if (layout) found.layout = layout;
  const density = DENSITIES.find((one) => one === raw.density);
  if (density) found.density = density;
  if (raw.archived === true) found.archived = true;
  return found;
}

/** What the address of the mail page says. */
export interface MailSearch {
  box?: "all" | "unread" | "unanswered" | "awaiting" | "drafts" | "failed" | "strangers";
  whose?: "mine" | "all";
  thread?: string;
}

const MAIL_BOXES = ["unread", "unanswered", "awaiting", "drafts", "failed", "strangers"] as const;

export function readMailSearch(raw: Record<string, unknown>): MailSearch {
  const box = MAIL_BOXES.find((one) => one === raw.box);
  return {
    ...(box ? { box } : {}),
    ...(raw.whose === "all" ? { whose: "all" as const } : {}),
    ...(typeof raw.thread === "string" ? { thread: raw.thread } : {}),
  };
}
