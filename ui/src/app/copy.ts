import { App } from "antd";

import { useTranslation } from "./translation";

const SHOWN_SECONDS = 12;

/** Copies a text and says so with `done`; where the browser won't, the text is shown, to be copied by hand. */
export function useCopy(): (text: string, done: string) => Promise<void> {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return async (text, done) => {
    if (await copyText(text)) void message.success(done);
    else void message.warning(t("error.copy", { text }), SHOWN_SECONDS);
  };
}

/** Whether a text got into the clipboard. On plain http the browser has no `navigator.clipboard`: then a selection is copied. */
async function copyText(text: string): Promise<boolean> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (!clipboard) return copySelected(text);
    await clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Copies by selecting the text in a box out of sight; beside what has the focus, which a dialog lets go nowhere else. */
function copySelected(text: string): boolean {
  const focused = document.activeElement as HTMLElement | null;
  const box = document.createElement("textarea");
  box.value = text;
  box.readOnly = true;
  box.style.cssText = "position:fixed;top:0;opacity:0";
  (focused?.parentElement ?? document.body).append(box);
  try {
    box.select();
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    box.remove();
    focused?.focus({ preventScroll: true });
  }
}
