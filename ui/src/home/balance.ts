import type { PanelDefinition } from "@/api/home";

import type { Answers, HomeAnswer } from "./answer";

export interface Columns {
  wide: PanelDefinition[];
  /** Narrow panels that stand two abreast below the wide ones, because the narrow column is the longer one. */
  pairs: PanelDefinition[];
  narrow: PanelDefinition[];
}

const GAP = 16;

/** Panels in two columns of about the same height. */
export function balanced(panels: readonly PanelDefinition[], heightOf: (panel: PanelDefinition) => number): Columns {
  const wide = panels.filter((panel) => panel.wide);
  const narrow = panels.filter((panel) => !panel.wide);
  const total = (list: readonly PanelDefinition[]) => list.reduce((sum, panel) => sum + heightOf(panel) + GAP, 0);
  const pairs: PanelDefinition[] = [];
  let left = total(wide);
  let right = total(narrow);
  while (wide.length > 0 && narrow.length > 2) {
    const [one, other] = narrow.slice(-2).map(heightOf) as [number, number];
    const higher = left + Math.max(one, other) + GAP;
    const lower = right - one - other - 2 * GAP;
    if (Math.max(higher, lower) >= Math.max(left, right)) break;
    pairs.unshift(...narrow.splice(-2));
    [left, right] = [higher, lower];
  }
  return { wide, pairs, narrow };
}

/** About how high a panel will be, in px. */
export function heightIn(answers: HomeAnswer["panels"]): (panel: PanelDefinition) => number {
  return (panel) => {
    const answer = answers[panel.name];
    const lines = (height: number, head = 58) => {
      const items = (answer as Partial<Answers["list"]> | undefined)?.items?.length ?? 0;
      return items > 0 ? head + items * height : 104;
    };
    switch (panel.kind) {
      case "list":
        return panel.wide ? lines(panel.blockers ? 52 : 38, 86) : lines(54);
      case "chart":
        return panel.shape === "column" ? 280 : 66 + 32 * ((answer as Partial<Answers["chart"]>)?.groups?.length ?? 0);
      default:
        return lines(54);
    }
  };
}
