/** Signing a document: its pages as pictures, the signer's name, consent, and a pad to sign on. */
import "./signing.css";

import { h } from "./dom";
import { Pad } from "./pad";
import { addressOf, ask, enter, Refused, say, type Shown } from "./room";
import { moment, t } from "./texts";

interface Document extends Shown {
  title: string;
  pages: number;
  document: string;
}

interface Given {
  signed_at: string;
  seal: string;
}

export function sign(shown: Shown): void {
  const document = shown as Document;
  const pad = new Pad(t("public.sign.pad"));
  const name = h("input", {
    id: "name",
    type: "text",
    maxLength: 60,
    autocomplete: "name",
    required: true,
    "aria-describedby": "fault",
  });
  const consent = h("input", { id: "consent", type: "checkbox" });
  const fault = h("p", { id: "fault", class: "fault", role: "alert" });
  const give = h("button", { type: "submit", class: "give" }, t("public.sign.give"));
  const clear = h("button", { type: "button", class: "clear", onclick: () => pad.clear() }, t("public.sign.clear"));

  const submit = async (event: Event) => {
    event.preventDefault();
    fault.textContent = missing(name.value, consent.checked, pad);
    if (fault.textContent) return;
    give.disabled = true;
    give.setAttribute("aria-busy", "true");
    try {
      done(document, await ask<Given>({ name: name.value.trim(), consent: true, strokes: pad.strokes() }));
    } catch (error) {
      if (error instanceof Refused && (error.status === 410 || error.status === 404)) say("shut", error.message, error.hint);
      else fault.textContent = error instanceof Refused ? `${error.message} ${error.hint}` : t("public.failed");
      give.disabled = false;
      give.removeAttribute("aria-busy");
    }
  };

  enter(
    h("header", {}, h("p", { class: "lead" }, t("public.sign.lead")), h("h1", {}, document.title)),
    h("p", { class: "until" }, t("public.sign.until", { time: moment(document.expires_at) })),
    h("section", { class: "pages", "aria-label": t("public.sign.document") }, ...pictures(document)),
    h(
      "form",
      { class: "signing", noValidate: true, onsubmit: (event: Event) => void submit(event) },
      h("h2", {}, t("public.sign.heading")),
      h("label", { htmlFor: "name" }, t("public.sign.name")),
      name,
      h("div", { class: "padhead" }, h("span", { id: "padname" }, t("public.sign.draw")), clear),
      pad.element,
      h("label", { class: "consent", htmlFor: "consent" }, consent, h("span", {}, t("public.sign.consent"))),
      fault,
      give,
    ),
  );
}

function pictures(document: Document): Node[] {
  return Array.from({ length: document.pages }, (_, index) => {
    const address = addressOf(`/pages/${index + 1}`);
    const alt = t("public.sign.page", { page: index + 1, pages: document.pages });
    return h("a", { href: address, target: "_blank", rel: "noreferrer" }, h("img", { src: address, alt, loading: "lazy" }));
  });
}

function missing(name: string, consent: boolean, pad: Pad): string {
  if (!name.trim()) return t("public.sign.noName");
  if (pad.isEmpty()) return t("public.sign.noStrokes");
  return consent ? "" : t("public.sign.noConsent");
}

function done(document: Document, given: Given): void {
  say(
    "done",
    t("public.sign.done"),
    t("public.sign.doneHint", { title: document.title, time: moment(given.signed_at) }),
    h("p", { class: "mark" }, t("public.sign.mark"), h("code", {}, document.document.slice(0, 16))),
  );
}
