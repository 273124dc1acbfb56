import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { startTransition, StrictMode, useEffect, useMemo, useState } from "react";

import { allTexts, type Locale, speak, storedLocale } from "./i18n";
import { LocaleContext } from "./locale";
import { queryClient } from "./query";
import { whenIdle } from "./ready";
import { router } from "./router";
import { ThemeProvider } from "./theme/ThemeProvider";
import { translation, TranslationContext } from "./translation";

/** The whole page: language, theme, cache, routes. */
export function Root({ antdLocale }: { antdLocale: object }) {
  const [pack, setPack] = useState({ locale: storedLocale(), antd: antdLocale, said: translation() });
  useEffect(() => {
    const sayAnew = () => startTransition(() => setPack((now) => ({ ...now, said: translation() })));
    const heard = new AbortController();
    const learn = () => {
      heard.abort();
      allTexts().then(sayAnew, () => undefined);
    };
    for (const sign of ["pointerdown", "keydown"]) window.addEventListener(sign, learn, { signal: heard.signal });
    whenIdle(learn);
  }, []);
  const value = useMemo(
    () => ({
      locale: pack.locale,
      change: async (next: Locale) => {
        const antd = await speak(next);
        setPack({ locale: next, antd, said: translation() });
      },
    }),
    [pack.locale],
  );
  return (
    <StrictMode>
      <LocaleContext value={value}>
        <TranslationContext value={pack.said}>
          <ThemeProvider locale={pack.antd}>
            <QueryClientProvider client={queryClient}>
              <RouterProvider router={router} />
            </QueryClientProvider>
          </ThemeProvider>
        </TranslationContext>
      </LocaleContext>
    </StrictMode>
  );
}
