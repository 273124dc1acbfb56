/** The public room: pages for people without a log-in. Each purpose of a link is a module of its own, loaded when it is needed. */
import "./public.css";

import { ask, Refused, say, type Shown } from "./room";
import { language, t } from "./texts";

/** Shows what a link is about. */
export type Purpose = (shown: Shown) => void;

const PURPOSES: Record<string, () => Promise<Purpose>> = {
  signature: () => import("./signing").then((module) => module.sign),
  mail_document: () => import("./document").then((module) => module.show),
};

async function open(): Promise<void> {
  document.documentElement.lang = language;
  try {
    const shown = await ask<Shown>();
    const purpose = await PURPOSES[shown.purpose]?.();
    if (purpose) purpose(shown);
    else say("shut", t("public.failed"));
  } catch (error) {
    if (error instanceof Refused) say("shut", error.message, ...(error.hint ? [error.hint] : []));
    else say("shut", t("public.failed"), t("public.failedHint"));
  }
}

void open();
