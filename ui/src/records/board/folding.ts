import { useState } from "react";

import type { Column } from "./columns";

const LONG = 20;

type Choice = Record<string, boolean>;

/** Which columns are folded to a strip: as the viewer chose, else closed stages once they are long. */
export function useFolding(object: string, by: string): (column: Column, count: number) => [boolean, () => void] {
  const store = `chengdan.board.${object}.${by}`;
  const [kept, setKept] = useState<{ store: string; choice: Choice }>(() => ({ store, choice: read(store) }));
  const choice = kept.store === store ? kept.choice : read(store);
  return (column, count) => {
    const folded = choice[column.id] ?? isFoldedAtFirst(column, count);
    const toggle = () => {
      const next = { ...choice, [column.id]: !folded };
      localStorage.setItem(store, JSON.stringify(next));
      setKept({ store, choice: next });
    };
    return [folded, toggle];
  };
}

export function isFoldedAtFirst(column: Column, count: number): boolean {
  return column.kind !== "open" && count > LONG;
}

function read(store: string): Choice {
  const stored = localStorage.getItem(store);
  return stored ? (JSON.parse(stored) as Choice) : {};
}
