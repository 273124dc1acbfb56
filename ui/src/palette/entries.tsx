import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Columns3, History, List, Plus } from "lucide-react";
import { type ReactNode, useDeferredValue } from "react";

import { api } from "@/api/client";
import type { SearchHit } from "@/api/types";
import { type Place, usePlaces } from "@/app/shell/places";
import { useTranslation } from "@/app/translation";
import { may, useCatalog } from "@/catalog/catalog";
import { groupObjects } from "@/catalog/groups";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { useCreate } from "@/records/create/context";

import { type PageAction, useOffered } from "./actions";
import { bestFit } from "./match";
import { useRecent } from "./useRecent";

export interface Entry {
  key: string;
  group: string;
  icon: ReactNode;
  text: string;
  hint?: string;
  run: () => void;
  /** How well it fits what was typed. */
  score: number;
}

const FOUND = 0.95;
const RECENTS = 5;
const ACTIONS_AT_FIRST = 6;

/** Everything that ⌘K finds for what was typed, group by group, the best fit first. */
export function useEntries(typed: string, onClose: () => void, onPick: (action: PageAction) => void): Entry[] {
  const after = (act: () => void) => () => {
    onClose();
    act();
  };
  const text = typed.trim();
  const fitting = [
    ...useActionEntries(text, after, onPick),
    ...useHits(text, after),
    ...useRecents(text, after),
    ...usePlaceEntries(text, after),
    ...useViewEntries(text, after),
    ...useCreateEntries(text, after),
  ].filter((entry) => entry.score > 0);
  if (text === "") return fitting;
  const best = new Map<string, number>();
  for (const { group, score } of fitting) best.set(group, Math.max(best.get(group) ?? 0, score));
  return fitting
    .map((entry, at) => ({ entry, at }))
    .sort(
      (one, other) =>
        (best.get(other.entry.group) ?? 0) - (best.get(one.entry.group) ?? 0) ||
        one.entry.group.localeCompare(other.entry.group) ||
        other.entry.score - one.entry.score ||
        one.at - other.at,
    )
    .map(({ entry }) => entry);
}

type After = (act: () => void) => () => void;

function useActionEntries(typed: string, after: After, onPick: (action: PageAction) => void): Entry[] {
  return useOffered().flatMap(({ about, actions }) =>
    (typed ? actions : actions.slice(0, ACTIONS_AT_FIRST)).map((action) => ({
      key: `do-${about}-${action.id}`,
      group: about,
      icon: action.icon,
      text: action.text,
      score: bestFit([action.text], typed),
      run: action.choices ? () => onPick(action) : after(() => action.run?.()),
    })),
  );
}

function useHits(typed: string, after: After): Entry[] {
  const { t } = useTranslation();
  const say = useLabel();
  const { objects } = useCatalog();
  const navigate = useNavigate();
  const q = useDeferredValue(typed);
  const { data } = useQuery({
    queryKey: ["search", q],
    queryFn: ({ signal }) => api.get<{ items: SearchHit[] }>("/api/search", { q }, signal),
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });
  if (q === "") return [];
  return (data?.items ?? []).map((hit) => ({
    key: `hit-${hit.object}-${hit.id}`,
    group: t("palette.records"),
    icon: <ObjectIcon name={objects[hit.object]?.icon} />,
    text: hit.label,
    hint: [say(objects[hit.object]?.label), hit.hint].filter(Boolean).join(" · "),
    score: FOUND,
    run: after(() => void navigate({ to: "/records/$object/$id", params: { object: hit.object, id: hit.id } })),
  }));
}

function useRecents(typed: string, after: After): Entry[] {
  const { t } = useTranslation();
  const say = useLabel();
  const { objects } = useCatalog();
  const navigate = useNavigate();
  const here = useParams({ strict: false }).id;
  return useRecent()
    .filter((recent) => typed === "" && recent.id !== here && objects[recent.object])
    .slice(0, RECENTS)
    .map((recent) => ({
      key: `recent-${recent.id}`,
      group: t("palette.recent"),
      icon: <History size={16} strokeWidth={1.7} aria-hidden />,
      text: recent.title,
      hint: say(objects[recent.object]?.label),
      score: 1,
      run: after(
        () => void navigate({ to: "/records/$object/$id", params: { object: recent.object, id: recent.id } }),
      ),
    }));
}

function usePlaceEntries(typed: string, after: After): Entry[] {
  const { t } = useTranslation();
  const say = useLabel();
  const catalog = useCatalog();
  const navigate = useNavigate();
  const group = t("palette.goTo");
  const places = usePlaces();
  const entryOf = ({ name, to, icon: Icon, text }: Place): Entry => ({
    key: `place-${name}`,
    group,
    icon: <Icon size={16} strokeWidth={1.7} aria-hidden />,
    text,
    score: bestFit([text, name], typed),
    run: after(() => void navigate({ to })),
  });
  const objects = groupObjects(catalog, true)
    .flatMap((all) => all.objects)
    .map((object) => ({
      key: `go-${object.name}`,
      group,
      icon: <ObjectIcon name={object.icon} />,
      text: say(object.plural),
      score: bestFit([say(object.plural), object.plural.zh, object.plural.en, object.name], typed),
      run: after(() => void navigate({ to: "/records/$object", params: { object: object.name }, search: {} })),
    }));
  const daily = (place: Place) => place.side === "top";
  return [
    ...places.filter(daily).map(entryOf),
    ...objects,
    ...places.filter((place) => !daily(place)).map(entryOf),
  ];
}

function useViewEntries(typed: string, after: After): Entry[] {
  const { t } = useTranslation();
  const say = useLabel();
  const { views, objects } = useCatalog();
  const navigate = useNavigate();
  if (typed === "") return [];
  return views
    .filter((view) => objects[view.object]?.can.read)
    .map((view) => {
      const Icon = view.kind === "board" ? Columns3 : List;
      return {
        key: `view-${view.object}-${view.name}`,
        group: t("palette.views"),
        icon: <Icon size={16} strokeWidth={1.7} aria-hidden />,
        text: say(view.label),
        hint: say(objects[view.object]?.plural),
        score: bestFit([say(view.label)], typed) * 0.98,
        run: after(
          () =>
            void navigate({ to: "/records/$object", params: { object: view.object }, search: { view: view.name } }),
        ),
      };
    });
}

function useCreateEntries(typed: string, after: After): Entry[] {
  const { t } = useTranslation();
  const say = useLabel();
  const create = useCreate();
  return groupObjects(useCatalog(), true)
    .flatMap((group) => group.objects)
    .filter((object) => may(object, "create"))
    .map((object) => {
      const text = t("action.createThing", { thing: say(object.label) });
      return {
        key: `new-${object.name}`,
        group: t("palette.create"),
        icon: <Plus size={16} aria-hidden />,
        text,
        score: bestFit([text], typed),
        run: after(() => create({ object: object.name })),
      };
    });
}
