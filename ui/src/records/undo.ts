import { App, Button } from "antd";
import { createElement } from "react";

import { useHotkeys } from "@/app/hotkeys";
import { useTranslation } from "@/app/translation";
import { newKey } from "@/outbox/key";

interface Step {
  key: string;
  undo: () => void;
}

const SHOWN_SECONDS = 6;
const KEPT = 20;
const steps: Step[] = [];

/** Tells of what was done, with a button that takes it back; so does mod+z, the last first, even once the toast is gone. */
export function useUndoable(): (text: string, undo: () => void) => void {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return (text, undo) => {
    const key = newKey();
    const take = () => {
      const at = steps.findIndex((step) => step.key === key);
      if (at < 0) return;
      steps.splice(at, 1);
      message.destroy(key);
      undo();
    };
    steps.push({ key, undo: take });
    if (steps.length > KEPT) steps.shift();
    const button = createElement(
      Button,
      { type: "link", size: "small", style: { marginInlineStart: 4 }, onClick: take },
      t("action.undo"),
    );
    void message.success({ key, duration: SHOWN_SECONDS, content: createElement("span", null, text, button) });
  };
}

/** Binds mod+z to the last thing that can be taken back; inside a text field the browser's own undo stays. */
export function useUndoKey(): void {
  useHotkeys({
    "mod+z": (event) => {
      const target = event.target;
      if (event.shiftKey || (target instanceof HTMLElement && /^(INPUT|TEXTAREA)$/.test(target.tagName))) return;
      const last = steps.at(-1);
      if (!last) return;
      event.preventDefault();
      last.undo();
    },
  });
}

/** Forgets everything: what one person did is not another's to take back. */
export function forgetUndo(): void {
  steps.length = 0;
}
