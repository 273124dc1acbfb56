import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

import { useHotkeys } from "@/app/hotkeys";
import { usePlaces } from "@/app/shell/places";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { groupObjects } from "@/catalog/groups";
import { useLabel } from "@/catalog/label";

export interface GoKey {
  key: string;
  text: string;
  run: () => void;
}

const PATIENCE_MS = 1_500;
const NUMBERED = 9;

/** Where `g` and a second key lead: the places by their letter, `l` to the first list, the objects by their number. */
export function useGoKeys(): GoKey[] {
  const { t } = useTranslation();
  const say = useLabel();
  const navigate = useNavigate();
  const objects = groupObjects(useCatalog()).flatMap((group) => group.objects);
  const to = (object: string) => () => void navigate({ to: "/records/$object", params: { object }, search: {} });
  const places = usePlaces().flatMap(({ key, to: place, text }) =>
    key ? [{ key, text, run: () => void navigate({ to: place }) }] : [],
  );
  const first = objects[0];
  return [
    ...places,
    ...(first ? [{ key: "l", text: t("hotkeys.list", { thing: say(first.plural) }), run: to(first.name) }] : []),
    ...objects
      .slice(0, NUMBERED)
      .map((object, index) => ({ key: String(index + 1), text: say(object.plural), run: to(object.name) })),
  ];
}

/** Binds `g` followed by a second key. */
export function useGo(): void {
  const keys = useGoKeys();
  const latest = useRef(keys);
  const end = useRef<() => void>(() => undefined);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => () => end.current(), []);
  useHotkeys({
    g: () => {
      end.current();
      const follow = (event: KeyboardEvent) => {
        if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
        end.current();
        const found = latest.current.find((one) => one.key === event.key.toLowerCase());
        if (!found || event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        found.run();
      };
      const timer = setTimeout(() => end.current(), PATIENCE_MS);
      end.current = () => {
        clearTimeout(timer);
        window.removeEventListener("keydown", follow, true);
      };
      window.addEventListener("keydown", follow, true);
    },
  });
}
