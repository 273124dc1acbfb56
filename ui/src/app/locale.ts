import { createContext, useContext } from "react";

import type { Locale } from "./i18n";

interface LocaleChoice {
  locale: Locale;
  change: (next: Locale) => Promise<void>;
}

export const LocaleContext = createContext<LocaleChoice | null>(null);

export function useLocale(): LocaleChoice {
  const choice = useContext(LocaleContext);
  if (!choice) throw new Error("useLocale outside Root");
  return choice;
}
