import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import i18next from "i18next";

import { api } from "@/api/client";

export type Locale = "zh-CN" | "en";

const STORE = "chengdan.locale";

interface Pack {
  texts: object;
  antd: object;
}

/** What the home and a list say, and the rest: first routes don't wait for what only other pages say. */
const PACKS: Record<Locale, () => Promise<Pack>> = {
  "zh-CN": async () => {
    const [{ texts }, antd] = await Promise.all([import("@/locales/zh-CN"), import("antd/es/locale/zh_CN")]);
    return { texts, antd: antd.default };
  },
  en: async () => {
    const [{ texts }, antd] = await Promise.all([import("@/locales/en"), import("antd/es/locale/en_US")]);
    return { texts, antd: antd.default };
  },
};
const LATE: Record<Locale, () => Promise<{ texts: object }>> = {
  "zh-CN": () => import("@/locales/zh-CN/late"),
  en: () => import("@/locales/en/late"),
};

let spoken: Locale = "zh-CN";
let late: Promise<void> | null = null;

/** Settles when the texts of all pages are there; they are loaded once they are asked for. */
export function allTexts(): Promise<void> {
  const locale = spoken;
  late ??= LATE[locale]().then(
    ({ texts }) => {
      i18next.addResourceBundle(locale, "translation", texts, true, true);
    },
    (error: unknown) => {
      late = null;
      throw error;
    },
  );
  return late;
}

/** The language kept from last time, else the browser's if it is English, else Chinese. */
export function storedLocale(): Locale {
  const stored = localStorage.getItem(STORE);
  if (stored === "en" || stored === "zh-CN") return stored;
  return navigator.language.toLowerCase().startsWith("en") ? "en" : "zh-CN";
}

/** Loads a language and switches the page, the dates and the server's messages to it; gives antd's texts. */
export async function speak(locale: Locale): Promise<object> {
  const pack = await PACKS[locale]();
  const switching = i18next.isInitialized;
  if (!switching) {
    await i18next.init({
      lng: locale,
      fallbackLng: "zh-CN",
      interpolation: { escapeValue: false },
      resources: {},
    });
    i18next.services.formatter?.add("lowercase", (value) => String(value).toLowerCase());
  }
  i18next.addResourceBundle(locale, "translation", pack.texts, true, true);
  spoken = locale;
  late = null;
  if (switching) await allTexts();
  await i18next.changeLanguage(locale);
  dayjs.locale(locale === "en" ? "en" : "zh-cn");
  document.documentElement.lang = locale;
  localStorage.setItem(STORE, locale);
  api.speak(locale);
  return pack.antd;
}
