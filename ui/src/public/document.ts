/** A document of a mail: its pages one below the other; for how long each is looked at is told now and then. */
import { h } from "./dom";
import { addressOf, ask, enter, type Shown } from "./room";
import { t } from "./texts";

interface Document extends Shown {
  name: string;
  pages: number;
  sender: string;
  visit: string;
}

const TELL_MS = 5_000;

export function show(shown: Shown): void {
  const document_ = shown as Document;
  const pages = Array.from({ length: document_.pages }, (_, index) => pageOf(index + 1));
  enter(
    h("div", { class: "document" }, h("h1", {}, document_.name), h("p", {}, t("public.document.from", { sender: document_.sender })), h("p", {}, t("public.document.pages", { count: document_.pages }))),
    h("div", { class: "pages" }, ...pages),
  );
  watch(document_.visit, pages);
}

function pageOf(page: number): HTMLElement {
  return h("img", {
    class: "page",
    loading: page > 1 ? "lazy" : "eager",
    src: addressOf(`/pages/${page}`),
    alt: t("public.document.page", { page }),
  });
}

/** Counts the seconds for which each page fills the window, as long as somebody looks at the window at all. */
function watch(visit: string, pages: HTMLElement[]): void {
  const share = new Map<Element, number>();
  const seconds = new Map<string, number>();
  const observer = new IntersectionObserver(
    (entries) => entries.forEach((entry) => share.set(entry.target, entry.intersectionRect.height)),
    { threshold: [0, 0.25, 0.5, 0.75, 1] },
  );
  pages.forEach((page) => observer.observe(page));
  setInterval(() => {
    if (document.visibilityState !== "visible") return;
    const [seen] = [...share.entries()].sort((a, b) => b[1] - a[1]);
    if (!seen || seen[1] === 0) return;
    const page = String(pages.indexOf(seen[0] as HTMLElement) + 1);
    seconds.set(page, (seconds.get(page) ?? 0) + 1);
  }, 1_000);
  const tell = () => {
    if (seconds.size === 0) return;
    const told = Object.fromEntries(seconds);
    seconds.clear();
    void ask({ visit, pages: told }).catch(() => undefined);
  };
  setInterval(tell, TELL_MS);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && tell());
}
