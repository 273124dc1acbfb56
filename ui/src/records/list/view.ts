import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { savedViewsQuery } from "@/api/views";
import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useCatalog, viewsOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";

import { arranged, isOwn, isView, type ListView, NO_VIEW, savedView, shippedView, wholeView } from "./views";

export interface CurrentView {
  views: ListView[];
  /** The one that leaves nothing out. */
  whole: ListView;
  view: ListView;
  /** The name of the view that the object starts with for this viewer, if chosen. */
  standard: string | undefined;
  /** False until it is known which view is meant. */
  ready: boolean;
  /** Tells that the view holds nothing: where nobody chose it, the first that isn't about oneself takes its place. */
  passOver: () => void;
}

/** The view in force: as the address says, else the viewer's default, else the one used last here, else the first. */
export function useView(object: ObjectDefinition, asked: string | undefined): CurrentView {
  const { t } = useTranslation();
  const say = useLabel();
  const catalog = useCatalog();
  const store = `chengdan.view.${object.name}`;
  const [passed, setPassed] = useState(false);
  const { data, isPending } = useQuery(savedViewsQuery(object.name));
  const { views, whole } = useMemo(() => {
    const shipped = viewsOf(catalog, object.name);
    return {
      views: arranged(
        shipped.map((view) => shippedView(object, view, say)),
        (data?.items ?? []).map((view) => savedView(object, view)),
      ),
      whole: wholeView(object, shipped[0], t("list.all")),
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `say` and `t` change with the language alone
  }, [catalog, object, data, t]);
  useEffect(() => {
    if (asked) localStorage.setItem(store, asked);
  }, [asked, store]);
  const standard = data?.defaults[object.name];
  const kept = localStorage.getItem(store) ?? undefined;
  const chosen = [asked, standard, kept].find((name) => isView(name, views));
  const first = (passed && views.find((view) => !isOwn(view))) || views[0];
  const name = chosen ?? first?.name ?? NO_VIEW;
  return {
    views,
    whole,
    view: views.find((view) => view.name === name) ?? whole,
    standard,
    ready: !isPending || views.some((view) => view.name === asked) || asked === NO_VIEW,
    passOver: () => {
      if (!chosen) setPassed(true);
    },
  };
}
