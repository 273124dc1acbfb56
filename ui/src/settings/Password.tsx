import { App, Button, Input } from "antd";
import { type FormEvent, useState } from "react";

import { api, ApiError } from "@/api/client";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";

import { Section } from "./Section";
import styles from "./own.module.css";

/** A new password; it ends all other sessions. */
export function Password() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { user } = useSession();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (fresh !== again) return setErrors({ again: t("settings.notTheSame") });
    setBusy(true);
    setErrors({});
    try {
      await api.post("/api/auth/password", { old, new: fresh });
      setOld("");
      setFresh("");
      setAgain("");
      void message.success(t("settings.passwordChanged"));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const named = error.byField();
      setErrors(named.old ? { old: named.old } : { new: named.new ?? messageOf(error) });
    } finally {
      setBusy(false);
    }
  };
  const field = (id: string, value: string, set: (value: string) => void, complete: string) => (
    <div className={styles.secret}>
      <label htmlFor={`password-${id}`}>{t(`settings.password_${id}`)}</label>
      <Input.Password
        id={`password-${id}`}
        value={value}
        autoComplete={complete}
        status={errors[id] ? "error" : undefined}
        onChange={(event) => set(event.target.value)}
      />
      {errors[id] ? (
        <p className={styles.error} role="alert">
          {errors[id]}
        </p>
      ) : null}
    </div>
  );
  return (
    <Section id="password" title={t("settings.password")} hint={t("settings.passwordHint")}>
      <form className={styles.secrets} onSubmit={(event) => void save(event)}>
        <input type="text" hidden readOnly autoComplete="username" value={user.username} />
        {field("old", old, setOld, "current-password")}
        {field("new", fresh, setFresh, "new-password")}
        {field("again", again, setAgain, "new-password")}
        <Button type="primary" htmlType="submit" loading={busy} disabled={!old || !fresh || !again}>
          {t("settings.changePassword")}
        </Button>
      </form>
    </Section>
  );
}
