import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { Pencil, Eye } from "lucide-react";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { Pill } from "@/design/Pill";
import { Time } from "@/design/Time";

import styles from "./settings.module.css";
import { standing, type Token, tokens, tokensQuery } from "./tokens";

/** One token. Taking it away can't be undone, so that takes a second step. */
export function TokenRow({ token }: { token: Token }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [now] = useState(() => Date.now());
  const revoke = useMutation({
    mutationFn: () => tokens.revoke(token.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
      void message.success(t("tokens.revoked", { name: token.name }));
    },
    onError: (error) => void message.error(messageOf(error)),
  });
  const writes = !token.scopes || token.scopes.includes("write");
  const state = standing(token, now);
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <div className={styles.what}>
          <b className="cut">{token.name}</b>
          <p className={styles.facts}>
            <span>
              {t("tokens.createdAt")} <Time value={token.created_at} />
            </span>
            <span>
              {token.last_used_at ? (
                <>
                  {t("tokens.usedAt")} <Time value={token.last_used_at} />
                </>
              ) : (
                t("tokens.unused")
              )}
            </span>
            <span className={state === "good" ? undefined : styles.warn}>
              {token.expires_at ? (
                <>
                  {t(state === "expired" ? "tokens.expiredAt" : "tokens.expiresAt")} <Time value={token.expires_at} />
                </>
              ) : (
                t("tokens.endless")
              )}
            </span>
          </p>
        </div>
        <Pill
          color={writes ? "amber" : "gray"}
          icon={writes ? <Pencil size={12} aria-hidden /> : <Eye size={12} aria-hidden />}
        >
          {t(writes ? "tokens.write" : "tokens.read")}
        </Pill>
        {asking ? null : (
          <Button
            type="text"
            danger
            aria-label={t("tokens.revokeNamed", { name: token.name })}
            onClick={() => setAsking(true)}
          >
            {t("tokens.revoke")}
          </Button>
        )}
      </div>
      {asking ? (
        <div className={styles.asking} role="alertdialog" aria-label={t("tokens.revokeNamed", { name: token.name })}>
          <p>{t("tokens.revokeHint")}</p>
          <Button autoFocus onClick={() => setAsking(false)}>
            {t("tokens.keep")}
          </Button>
          <Button type="primary" danger loading={revoke.isPending} onClick={() => revoke.mutate()}>
            {t("tokens.revokeNow")}
          </Button>
        </div>
      ) : null}
    </li>
  );
}
