import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import dayjs from "dayjs";
import { AlarmClock, Siren, Waves } from "lucide-react";

import { api } from "@/api/client";
import type { PanelDefinition } from "@/api/home";
import type { Notice } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { Avatar } from "@/design/Avatar";
import { cx } from "@/design/cx";
import { RecordLink } from "@/design/RecordLink";
import { Time } from "@/design/Time";
import { formatDay, formatExact } from "@/format/date";

import { readWall } from "@/format/today";
import { type Answers, HOME, type Whose } from "./answer";
import { isOwn } from "./drill";
import { Nothing, PanelFrame } from "./PanelFrame";
import styles from "./waiting.module.css";

interface Props<Answer> {
  panel: PanelDefinition;
  answer: Answer;
  whose: Whose;
}

const HOUR = 3_600_000;
const SOON = 24 * HOUR;

/** Timers that run out soon: of which record, and what happens then. */
export function TimersPanel({ panel, answer, whose }: Props<Answers["timers"]>) {
  const say = useLabel();
  const own = isOwn(panel, whose);
  return (
    <PanelFrame panel={panel} whose={whose}>
      {answer.items.length === 0 ? (
        <Nothing panel={panel} />
      ) : (
        <ul className={styles.list}>
          {answer.items.map((item) => (
            <li key={`${item.id}${item.key}`}>
              <RecordLink object={item.object} id={item.id} className={styles.item}>
                <AlarmClock size={15} aria-hidden className={cx(styles.mark, isSoon(item.due_at) && styles.soon)} />
                <span className={styles.body}>
                  <span className={styles.text}>{item.title ?? item.id.slice(0, 8)}</span>
                  <span className={styles.note}>{say(item.label)}</span>
                </span>
                <span className={styles.when}>
                  <Due at={item.due_at} />
                  {!own && item.owner?.label ? <Avatar name={item.owner.label} size={18} /> : null}
                </span>
              </RecordLink>
            </li>
          ))}
        </ul>
      )}
    </PanelFrame>
  );
}

/** When a timer runs out: the day in words, and the time of day. */
function Due({ at }: { at: string }) {
  const { t } = useTranslation();
  const due = readWall(at);
  return (
    <time dateTime={at} title={formatExact(at)} className="num">
      {formatDay(due.format("YYYY-MM-DD"), t)} {due.format("HH:mm")}
    </time>
  );
}

function isSoon(due: string): boolean {
  return new Date(due).getTime() - Date.now() < SOON;
}

/** Unread notifications; following one reads it. */
export function NoticesPanel({ panel, answer, whose }: Props<Answers["notices"]>) {
  const { t } = useTranslation();
  const say = useLabel();
  const client = useQueryClient();
  const navigate = useNavigate();
  const read = useMutation({
    mutationFn: (body: { ids: string[] } | { all: true }) => api.post("/api/notifications/read", body),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["notifications"] }),
        client.invalidateQueries({ queryKey: HOME }),
      ]),
  });
  const follow = (notice: Notice) => {
    read.mutate({ ids: [notice.id] });
    if (notice.object && notice.record) {
      void navigate({ to: "/records/$object/$id", params: { object: notice.object, id: notice.record } });
    }
  };
  return (
    <PanelFrame
      panel={panel}
      whose={whose}
      count={answer.unread > 0 ? (answer.unread > 99 ? "99+" : String(answer.unread)) : undefined}
      tools={
        answer.unread > 0 ? (
          <Button type="link" size="small" onClick={() => read.mutate({ all: true })}>
            {t("bell.readAll")}
          </Button>
        ) : null
      }
    >
      {answer.items.length === 0 ? (
        <Nothing panel={panel} />
      ) : (
        <ul className={styles.list}>
          {answer.items.map((notice) => (
            <li key={notice.id}>
              <button type="button" className={styles.item} onClick={() => follow(notice)}>
                {notice.urgent ? (
                  <Siren size={15} className={cx(styles.mark, styles.urgent)} aria-label={t("bell.urgent")} />
                ) : (
                  <span className={styles.dot} aria-hidden />
                )}
                <span className={styles.body}>
                  <span className={styles.message}>{say(notice.message)}</span>
                </span>
                <span className={styles.when}>
                  <Time value={notice.at} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </PanelFrame>
  );
}

/** Records that soon fall into their pool: which, when, and since when nothing happened. */
export function FallingPanel({ panel, answer, whose }: Props<Answers["falling"]>) {
  const { t } = useTranslation();
  const own = isOwn(panel, whose);
  return (
    <PanelFrame panel={panel} whose={whose} count={answer.count > 0 ? String(answer.count) : undefined}>
      {answer.items.length === 0 ? (
        <Nothing panel={panel} />
      ) : (
        <ul className={styles.list}>
          {answer.items.map((item) => (
            <li key={item.id}>
              <RecordLink object={item.object} id={item.id} className={styles.item}>
                <Waves size={15} aria-hidden className={cx(styles.mark, isSoon(item.falls_at) && styles.soon)} />
                <span className={styles.body}>
                  <span className={styles.text}>{item.title}</span>
                  <span className={styles.note}>
                    {t("pool.idleSince", { when: readWall(item.idle_from).format("YYYY-MM-DD") })}
                  </span>
                </span>
                <span className={styles.when}>
                  <time dateTime={item.falls_at} title={formatExact(item.falls_at)}>
                    {t("pool.falls", { count: Math.max(0, dayjs(item.falls_at).diff(dayjs(), "day")) })}
                  </time>
                  {!own && item.owner.label ? <Avatar name={item.owner.label} size={18} /> : null}
                </span>
              </RecordLink>
            </li>
          ))}
        </ul>
      )}
    </PanelFrame>
  );
}
