import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";

import { api, ApiError } from "@/api/client";
import type { Locale } from "@/app/i18n";
import { useLocale } from "@/app/locale";
import { useLogin } from "@/app/session";
import { Mark } from "@/app/shell/Mark";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";

import styles from "./LoginPage.module.css";
import { LoginStory } from "./LoginStory";

const DEMO_ROLES = ["rep", "manager", "presales", "sales_ops", "finance", "legal", "csm", "admin"];
const DEMO_PASSWORD = "chengdan-demo";

/** Log-in; a demo offers its roles to try at a press. */
export function LoginPage() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: "/login" });
  const router = useRouter();
  const login = useLogin();
  const { locale, change } = useLocale();
  const [chosen, setChosen] = useState<Locale | null>(null);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState<string | null>(null);
  const { data: health } = useQuery({
    queryKey: ["health"],
    queryFn: () => api.get<{ demo?: boolean }>("/api/health"),
  });

  const enter = async (name: string, secret: string) => {
    setBusy(name);
    setProblem("");
    try {
      const { user } = await login(name, secret);
      if (chosen && user.locale !== chosen) await api.patch("/api/me", { locale: chosen });
      else if (!chosen && user.locale !== locale) await change(user.locale);
      router.history.push(next ?? "/");
    } catch (error) {
      setProblem(error instanceof ApiError && error.status === 0 ? t("error.offline") : messageOf(error));
    } finally {
      setBusy(null);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (username && password) void enter(username.trim(), password);
  };
  const swap = () => {
    const other: Locale = locale === "en" ? "zh-CN" : "en";
    setChosen(other);
    void change(other);
  };
  return (
    <main className={styles.page}>
      <LoginStory />
      <section className={styles.door}>
        <form className={styles.form} onSubmit={submit}>
          <span className={styles.mark}>
            <Mark size={36} />
          </span>
          <h1>{t("login.title")}</h1>
          <label htmlFor="username">{t("login.username")}</label>
          <Input
            id="username"
            size="large"
            autoComplete="username"
            autoCapitalize="none"
            autoFocus
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
          <label htmlFor="password">{t("login.password")}</label>
          <Input.Password
            id="password"
            size="large"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <p className={styles.problem} role="alert">
            {problem}
          </p>
          <Button type="primary" size="large" block htmlType="submit" loading={busy !== null && busy === username}>
            {t("login.enter")}
          </Button>
          {health?.demo ? (
            <div className={styles.demo}>
              <p>{t("login.demo")}</p>
              <div className={styles.roles}>
                {DEMO_ROLES.map((role) => (
                  <Button
                    key={role}
                    shape="round"
                    loading={busy === role}
                    onClick={() => void enter(role, DEMO_PASSWORD)}
                  >
                    {t(`login.role.${role}`)}
                  </Button>
                ))}
              </div>
            </div>
          ) : null}
        </form>
        <Button type="text" className={styles.language} onClick={swap}>
          {t("language.other")}
        </Button>
      </section>
    </main>
  );
}
