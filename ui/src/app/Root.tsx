import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, useMemo, useState } from "react";

import { type Locale, speak, storedLocale } from "./i18n";
import { LocaleContext } from "./locale";
import { queryClient } from "./query";
import { router } from "./router";
import { ThemeProvider } from "./theme/ThemeProvider";

/** The whole page: language, theme, cache, routes. */
export function Root({ antdLocale }: { antdLocale: object }) {
  const [pack, setPack] = useState({ locale: storedLocale(), antd: antdLocale });
  const value = useMemo(
    () => ({
      locale: pack.locale,
      change: async (next: Locale) => setPack({ locale: next, antd: await speak(next) }),
    }),
    [pack.locale],
  );
  return (
    <StrictMode>
      <LocaleContext value={value}>
        <ThemeProvider locale={pack.antd}>
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </ThemeProvider>
      </LocaleContext>
    </StrictMode>
  );
}
