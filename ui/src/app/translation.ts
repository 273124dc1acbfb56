import i18next, { type i18n, type TFunction } from "i18next";
import { createContext, useContext } from "react";

export interface Translation {
  t: TFunction;
  i18n: i18n;
}

/** How texts are said now; another one each time, so that whoever shows texts shows them anew. */
export function translation(): Translation {
  return { t: i18next.getFixedT(i18next.language), i18n: i18next };
}

export const TranslationContext = createContext<Translation | null>(null);

/** How the page says its texts. Only used below `Root`. */
export function useTranslation(): Translation {
  const said = useContext(TranslationContext);
  if (!said) throw new Error("useTranslation outside Root");
  return said;
}
