import { useNavigate } from "@tanstack/react-router";
import { App, Button } from "antd";

import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { remove } from "@/outbox/store";
import { useOutbox } from "@/outbox/use";
import { forgetTyped, hasTyped } from "@/records/keeping";

import { useLogout, useSession } from "../session";
import styles from "./Shell.module.css";

/**
 * Logs out. What was typed and not sent lies in this browser: where there is any, it asks whether it may stay for the next
 * log-in or goes, as others may use the machine.
 */
export function useLeaving(): () => void {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const { user } = useSession();
  const waiting = useOutbox();
  const logout = useLogout();
  const navigate = useNavigate();
  const leave = async (clear?: () => Promise<void>) => {
    try {
      await logout(async () => {
        await clear?.();
        await navigate({ to: "/login", search: {} });
      });
    } catch (error) {
      void message.error(t("shell.notLoggedOut", { why: messageOf(error) }));
    }
  };
  const clear = async () => {
    await Promise.all(waiting.map((entry) => remove(entry.key)));
    forgetTyped(user.id);
  };
  return () => {
    if (waiting.length === 0 && !hasTyped(user.id)) {
      void leave();
      return;
    }
    const asking = modal.confirm({
      title: t("shell.unsent"),
      content: t("shell.unsentHint"),
      footer: (
        <div className={styles.leaving}>
          <Button onClick={() => asking.destroy()}>{t("action.cancel")}</Button>
          <Button danger onClick={() => void leave(clear).then(() => asking.destroy())}>
            {t("shell.clearAndLeave")}
          </Button>
          <Button type="primary" onClick={() => void leave().then(() => asking.destroy())}>
            {t("shell.keepAndLeave")}
          </Button>
        </div>
      ),
    });
  };
}
