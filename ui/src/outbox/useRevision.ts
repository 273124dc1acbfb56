import { App } from "antd";

import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";

import type { Revision } from "./revising";

/** Carries out an edit of what waits and then calls `close`, saying where it only follows; what fails is said, and stays. */
export function useRevision(close: () => void): (work: () => Promise<Revision>) => Promise<void> {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return async (work) => {
    try {
      if ((await work()) === "follows") void message.info(t("outbox.followed"));
      close();
    } catch (error) {
      void message.error(messageOf(error));
    }
  };
}
