import { useEffect, useState } from "react";

import type { View } from "@/api/types";
import { isOwnView } from "@/catalog/catalog";

/** The name that stands for no view: every record. */
export const NO_VIEW = "all";

interface CurrentView {
  /** Null for every record. */
  view: View | null;
  name: string;
  /** Tells that the view holds nothing: where nobody chose it, the first that isn't about oneself takes its place. */
  passOver: () => void;
}

/** The view in force: as the address says, else the one used last here, else the first. */
export function useView(object: string, views: View[], asked: string | undefined): CurrentView {
  const store = `chengdan.view.${object}`;
  const [passed, setPassed] = useState(false);
  const kept = localStorage.getItem(store) ?? undefined;
  const chosen = asked ?? kept;
  const known = chosen === NO_VIEW || views.some((view) => view.name === chosen);
  useEffect(() => {
    if (asked) localStorage.setItem(store, asked);
  }, [asked, store]);
  const standard = (passed && views.find((view) => !isOwnView(view))) || views[0];
  const name = known && chosen ? chosen : (standard?.name ?? NO_VIEW);
  return {
    name,
    view: views.find((view) => view.name === name) ?? null,
    passOver: () => {
      if (!known) setPassed(true);
    },
  };
}
