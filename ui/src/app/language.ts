import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { api } from "@/api/client";
import type { Session } from "@/api/types";

import type { Locale } from "./i18n";
import { useLocale } from "./locale";
import { sessionQuery, useSession } from "./session";

/** Changes the viewer's language, here and in every other browser that they use. */
export function useChooseLanguage(): (next: Locale) => Promise<void> {
  const client = useQueryClient();
  const { change } = useLocale();
  return async (next) => {
    await api.patch("/api/me", { locale: next }).catch(() => undefined);
    client.setQueryData<Session>(
      sessionQuery.queryKey,
      (session) => session && { ...session, user: { ...session.user, locale: next } },
    );
    await change(next);
  };
}

/** Speaks the language that the viewer chose, wherever that was. */
export function useOwnLanguage(): void {
  const { user } = useSession();
  const { locale, change } = useLocale();
  const own = user.locale;
  useEffect(() => {
    if (own !== locale) void change(own);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what the server says leads
  }, [own]);
}
