import { App } from "antd";
import { useCallback, useRef, useState } from "react";

import { api } from "@/api/client";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";

/** Sends forms with files: how much has gone (null: nothing is on its way), and a way to stop. A failure is said; null then. */
export function useUpload() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [sent, setSent] = useState<number | null>(null);
  const stop = useRef<AbortController | null>(null);
  const send = useCallback(
    async <T,>(path: string, form: FormData): Promise<T | null> => {
      stop.current = new AbortController();
      setSent(0);
      try {
        return await api.upload<T>(path, form, setSent, stop.current.signal);
      } catch (error) {
        const given = error instanceof DOMException && error.name === "AbortError";
        if (!given) void message.error(messageOf(error) || t("error.offline"));
        return null;
      } finally {
        setSent(null);
      }
    },
    [message, t],
  );
  return { sent, send, stop: () => stop.current?.abort() };
}
