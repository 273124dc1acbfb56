import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";

import { admitting } from "@/api/admitting";
import { Mark } from "@/app/shell/Mark";
import { useTranslation } from "@/app/translation";
import { BoneLines } from "@/design/Bones";
import { messageOf } from "@/design/Failure";

import styles from "./LoginPage.module.css";
import { LoginStory } from "./LoginStory";

const SHORTEST = 10;

/** Where a link leads that lets somebody set a password. Its token stands behind the #: it reaches no server's log. */
export function WelcomePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [token] = useState(() => window.location.hash.slice(1));
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["welcome", token],
    queryFn: () => admitting.whose(token),
    retry: false,
    staleTime: Infinity,
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (password.length < SHORTEST) return setProblem(t("welcome.short", { count: SHORTEST }));
    if (password !== again) return setProblem(t("welcome.differ"));
    setBusy(true);
    setProblem("");
    try {
      await admitting.setPassword(token, password);
      setDone(true);
    } catch (failure) {
      setProblem(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };
  const enter = () => void navigate({ to: "/login", search: {}, hash: "" });
  return (
    <main className={styles.page}>
      <LoginStory />
      <section className={styles.door}>
        <form className={styles.form} onSubmit={(event) => void submit(event)}>
          <span className={styles.mark}>
            <Mark size={36} />
          </span>
          <h1>{t(done ? "welcome.done" : error ? "welcome.over" : "welcome.title", { name: data?.name ?? "" })}</h1>
          {error ? (
            <>
              <p className={styles.hint}>{messageOf(error)}</p>
              <Button size="large" block onClick={enter}>
                {t("welcome.toLogin")}
              </Button>
            </>
          ) : done ? (
            <>
              <p className={styles.hint}>{t("welcome.doneHint")}</p>
              <Button type="primary" size="large" block onClick={enter}>
                {t("welcome.toLogin")}
              </Button>
            </>
          ) : data ? (
            <>
              <p className={styles.hint}>{t("welcome.hint", { count: SHORTEST })}</p>
              <label htmlFor="new-password">{t("welcome.password")}</label>
              <Input.Password
                id="new-password"
                size="large"
                autoComplete="new-password"
                autoFocus
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
              <label htmlFor="again">{t("welcome.again")}</label>
              <Input.Password
                id="again"
                size="large"
                autoComplete="new-password"
                value={again}
                onChange={(event) => setAgain(event.target.value)}
              />
              <p className={styles.problem} role="alert">
                {problem}
              </p>
              <Button type="primary" size="large" block htmlType="submit" loading={busy}>
                {t("welcome.set")}
              </Button>
            </>
          ) : (
            <BoneLines lines={4} />
          )}
        </form>
      </section>
    </main>
  );
}
