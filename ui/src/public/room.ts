import { h } from "./dom";
import { language, t } from "./texts";

/** What the server says of a link; the purpose knows the rest. */
export interface Shown {
  purpose: string;
  expires_at: string;
}

/** A refusal, in the visitor's language. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

const token = location.pathname.split("/")[2] ?? "";

/** Where a part of the link is read from. */
export function addressOf(part = ""): string {
  return `/api/public/${encodeURIComponent(token)}${part}`;
}

/** Asks the server about the link, or gives it `body`. No cookie goes along. */
export async function ask<T>(body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(addressOf(), {
      method: body === undefined ? "GET" : "POST",
      credentials: "omit",
      headers: { "Accept-Language": language, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, t("public.offline"), t("public.offlineHint"));
  }
  const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  if (response.ok) return answer as T;
  const [reason] = (answer.errors ?? []) as { message?: string; hint?: string }[];
  throw new Refused(response.status, reason?.message ?? t("public.failed"), reason?.hint ?? "");
}

/** Puts this on the page in place of what is there, and lets a screen reader begin with its heading. */
export function enter(...children: (Node | string)[]): void {
  const room = document.getElementById("room");
  room?.replaceChildren(...children, foot());
  room?.removeAttribute("aria-busy");
  const heading = room?.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** A page with one thing to say. */
export function say(sign: "done" | "shut", title: string, ...lines: (Node | string)[]): void {
  enter(
    h(
      "section",
      { class: "said" },
      h("div", { class: `sign ${sign}`, "aria-hidden": "true" }),
      h("h1", {}, title),
      ...lines.map((line) => (typeof line === "string" ? h("p", {}, line) : line)),
    ),
  );
}

function foot(): Node {
  return h("footer", {}, t("public.by"));
}
