import en from "../locales/en/public/public.json";
import zh from "../locales/zh-CN/public/public.json";

type Words = { [name: string]: string | Words };

/** The visitor's language, as the browser tells it; Chinese unless they read English and no Chinese. */
export const language: "zh-CN" | "en" = navigator.languages.some((one) => one.toLowerCase().startsWith("zh"))
  ? "zh-CN"
  : navigator.language.toLowerCase().startsWith("en")
    ? "en"
    : "zh-CN";

const words: Words = { public: language === "en" ? en : zh };

/** A text of `public.json`, with `{{name}}` filled in. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  let found: string | Words | undefined = words;
  for (const part of key.split(".")) found = typeof found === "object" ? found[part] : undefined;
  return String(found ?? key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** An instant in the visitor's own time. */
export function moment(text: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
}
