import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Progress } from "antd";

import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { Time } from "@/design/Time";

import { type PastHandOver, pastQuery, takeBack } from "./handover";
import styles from "./handover.module.css";

/** Hand-overs of a person so far: how far each is, what came of it, and taking it back. */
export function PastHandOvers({ person }: { person: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(pastQuery);
  const items = (data?.items ?? []).filter((one) => one.person.id === person);
  if (items.length === 0) return null;
  return (
    <section className={styles.past} aria-label={t("handover.past")}>
      <h2>{t("handover.past")}</h2>
      <ul>
        {items.map((one) => (
          <Past key={one.id} one={one} />
        ))}
      </ul>
    </section>
  );
}

function Past({ one }: { one: PastHandOver }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const { objects } = useCatalog();
  const running = one.state === "queued" || one.state === "running";
  const moved = [
    ...Object.entries(one.moved).map(([name, count]) => `${say(objects[name]?.plural) || name} ${count}`),
    ...Object.entries(one.beside).map(([name, count]) => t(`handover.went.${name}`, { count })),
  ];
  const undo = async () => {
    try {
      await takeBack(one.id);
      await client.invalidateQueries({ queryKey: pastQuery.queryKey });
    } catch (error) {
      void message.error(messageOf(error));
    }
  };
  return (
    <li className={styles.one}>
      <div className={styles.line}>
        <b>{t(one.back ? "handover.back" : "handover.over")}</b>
        <span className={styles.quiet}>
          {one.by ?? "—"}
          {one.finished_at ? (
            <>
              {" · "}
              <Time value={one.finished_at} />
            </>
          ) : null}
        </span>
        <span className={styles.space} />
        {one.can_take_back ? (
          <Button size="small" onClick={() => void undo()}>
            {t("handover.takeBack")}
          </Button>
        ) : null}
      </div>
      {running ? (
        <Progress
          percent={one.total > 0 ? Math.min(100, Math.round((100 * one.done) / one.total)) : 0}
          status="active"
          size="small"
          strokeColor="var(--accent)"
          aria-label={t("jobs.progress")}
        />
      ) : (
        <p role="status">
          {t(`jobs.state.${one.state}`)}
          {moved.length > 0 ? ` · ${moved.join(" · ")}` : ""}
        </p>
      )}
      {one.refused.length > 0 ? (
        <ul className={styles.refused}>
          {one.refused.slice(0, 20).map((reason) => (
            <li key={reason.id}>
              {reason.object ? (
                <a href={`/records/${reason.object}/${reason.id}`}>{say(objects[reason.object]?.label) || reason.object}</a>
              ) : (
                t("handover.mail")
              )}{" "}
              {say(reason)}
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}
