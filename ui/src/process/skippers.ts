import type { Skipper } from "./answer";

export interface Row {
  id: string;
  label: string;
  skipped: number;
  passed: number;
  ratio: number;
}

/** The people added up by rep or by team, the most skipped first. */
export function rowsBy(people: readonly Skipper[], by: "owner" | "team"): Row[] {
  const found = new Map<string, Row>();
  for (const one of people) {
    const who = one[by];
    const id = who?.id ?? "";
    const row = found.get(id) ?? { id, label: who?.label ?? "", skipped: 0, passed: 0, ratio: 0 };
    row.skipped += one.skipped;
    row.passed += one.skipped + one.met;
    row.ratio = row.passed ? row.skipped / row.passed : 0;
    found.set(id, row);
  }
  return [...found.values()].sort((a, b) => b.skipped - a.skipped || b.ratio - a.ratio);
}
