import dayjs, { type Dayjs } from "dayjs";

import type { ListQuery } from "@/api/records";
import { today as dayOf, wallNow } from "@/format/today";

import { type Dated, isDaily, literal } from "../dates/moments";
import { bothOf } from "../query";

export type SectionName = "overdue" | "today" | "week" | "later" | "undated" | "done";

export const SECTIONS: SectionName[] = ["overdue", "today", "week", "later", "undated", "done"];

/** The condition of a section. A week ends with Sunday; on a Sunday the week is the next one. */
export function conditionOf(section: SectionName, dated: Dated, now: Dayjs = dayjs()): string {
  const name = dated.start.name;
  const today = dayOf(now);
  const at = (day: Dayjs) => literal(dated.start, day);
  const tomorrow = today.add(1, "day");
  const week = nextMonday(tomorrow);
  const late = isDaily(dated) ? at(today) : at(wallNow(now));
  const dates: Record<SectionName, string> = {
    overdue: `${name} < ${late}`,
    today: `${name} >= ${late} and ${name} < ${at(tomorrow)}`,
    week: `${name} >= ${at(tomorrow)} and ${name} < ${at(week)}`,
    later: `${name} >= ${at(week)}`,
    undated: `${name} == null`,
    done: "",
  };
  const done = dated.done?.name ?? "";
  return section === "done" ? `${done} == true` : `${done} != true and ${dates[section]}`;
}

export function sectionQuery(section: SectionName, dated: Dated, query: ListQuery): ListQuery {
  const sort = section === "done" ? "-updated_at" : section === "undated" ? "-created_at" : dated.start.name;
  return { ...query, sort, filter: bothOf(query.filter, conditionOf(section, dated)), limit: 50 };
}

function nextMonday(day: Dayjs): Dayjs {
  const past = (day.day() + 6) % 7;
  return day.add(7 - past, "day");
}
