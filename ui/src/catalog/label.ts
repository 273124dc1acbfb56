import type { Field, Label } from "@/api/types";
import { useTranslation } from "@/app/translation";

export type Say = (label: Label | string | null | undefined) => string;

/** A label's text in one language, the other one if it lacks. */
export function textOf(label: Label | string | null | undefined, language: string): string {
  if (!label) return "";
  if (typeof label === "string") return label;
  return language.startsWith("en") ? label.en || label.zh : label.zh || label.en;
}

/** A function that says labels in the viewer's language. */
export function useLabel(): Say {
  const { i18n } = useTranslation();
  return (label) => textOf(label, i18n.language);
}

/** What is said beside a field: its help, and of amounts added up over other records in which currency they are. */
export function useHelp(): (field: Field) => string {
  const { t } = useTranslation();
  const say = useLabel();
  return (field) => {
    const addedUp = field.type === "rollup" && field.stored_type === "money";
    return [say(field.help), addedUp ? t("field.onlyIn", { currency: field.currency }) : ""].filter(Boolean).join(" ");
  };
}
