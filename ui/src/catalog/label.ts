import { useTranslation } from "react-i18next";

import type { Label } from "@/api/types";

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
