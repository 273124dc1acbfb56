import { App, Button } from "antd";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";

import { type Outlet, useRemoveOutlet } from "./outlets";
import styles from "./outlets.module.css";

/** Takes an outlet away: it can't be undone, as its address is sealed, so that takes a second step. */
export function RemoveOutlet({ outlet, onRemoved }: { outlet: Outlet; onRemoved: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const remove = useRemoveOutlet(outlet.id);
  if (!asking) {
    return (
      <Button type="text" danger onClick={() => setAsking(true)}>
        {t("outlets.remove")}
      </Button>
    );
  }
  return (
    <div className={styles.asking} role="alertdialog" aria-label={t("outlets.remove")}>
      <p>{t("outlets.removeHint")}</p>
      <Button autoFocus onClick={() => setAsking(false)}>
        {t("tokens.keep")}
      </Button>
      <Button
        type="primary"
        danger
        loading={remove.isPending}
        onClick={() =>
          remove.mutate(undefined, { onSuccess: onRemoved, onError: (error) => void message.error(messageOf(error)) })
        }
      >
        {t("outlets.removeNow")}
      </Button>
    </div>
  );
}
