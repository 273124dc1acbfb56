import { useState } from "react";

import type { Field, ObjectDefinition, View } from "@/api/types";
import { fieldOf } from "@/catalog/catalog";

const FALLBACK_COLUMNS = 6;

/** A list's columns without the title, which always comes first: as the viewer chose, else as `standard` says. */
export function useColumns(
  object: ObjectDefinition,
  view: View | null,
  standard: View | null = view,
): {
  fields: Field[];
  chosen: string[];
  choose: (names: string[]) => void;
  reset: () => void;
} {
  const store = `chengdan.columns.${object.name}.${view?.name ?? ""}`;
  const [saved, setSaved] = useState<{ store: string; names: string[] | null }>(() => ({ store, names: read(store) }));
  const names = saved.store === store ? saved.names : read(store);
  if (saved.store !== store) setSaved({ store, names });
  const chosen = (names ?? standardColumns(object, standard)).filter((name) => name !== object.title);
  return {
    fields: chosen.map((name) => fieldOf(object, name)).filter((field) => field !== null),
    chosen,
    choose: (next) => {
      localStorage.setItem(store, JSON.stringify(next));
      setSaved({ store, names: next });
    },
    reset: () => {
      localStorage.removeItem(store);
      setSaved({ store, names: null });
    },
  };
}

function standardColumns(object: ObjectDefinition, view: View | null): string[] {
  if (view && view.columns.length > 0) return view.columns;
  const own = object.fields.filter(
    (field) => !field.system && field.name !== object.title && !["long_text", "json"].includes(field.stored_type),
  );
  return [...own.slice(0, FALLBACK_COLUMNS).map((field) => field.name), "owner", "updated_at"];
}

function read(store: string): string[] | null {
  const stored = localStorage.getItem(store);
  if (!stored) return null;
  const names: unknown = JSON.parse(stored);
  return Array.isArray(names) ? names.map(String) : null;
}
