import type { ListQuery } from "@/api/records";
import { quote } from "@/filters/codec";

import { bothOf } from "../query";

const CARDS_PER_PAGE = 30;

/** The query of one column of a board. */
export function columnQuery(query: ListQuery, by: string, value: string): ListQuery {
  return { ...query, filter: bothOf(query.filter, `${by} == ${quote(value)}`), limit: CARDS_PER_PAGE };
}
