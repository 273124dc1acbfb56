import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Mentions } from "antd";
import { type ReactNode, useRef, useState } from "react";

import { ApiError } from "@/api/client";
import { keys, records } from "@/api/records";
import type { Comment } from "@/api/timeline";
import type { ObjectDefinition, Ref, Row } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { Person } from "@/design/Avatar";
import { messageOf } from "@/design/Failure";
import { newKey } from "@/outbox/key";
import { remarkOrKeep } from "@/outbox/write";

import { spoilRecords } from "../cache";
import { forget, keep, kept, placeOf } from "../keeping";
import { useAnswering } from "../loop/answering";
import { OpenOnes, type Ticked } from "../loop/OpenOnes";
import { titleOf } from "../summary";
import styles from "./comment.module.css";
import { mentionedIn } from "./mentions";
import { usePeople } from "./people";

const MAX = 5000;

/** Somebody to mention; `person` tells people of one name apart. */
interface Choice {
  key: string;
  person: string;
  value: string;
  label: ReactNode;
}

interface Props {
  object: ObjectDefinition;
  id: string;
  /** The comment that is edited; a new one without. */
  comment?: Comment;
  onDone?: () => void;
}

/** Where a comment is written; `@` offers people. What was typed stays until it is sent. */
export function CommentBox({ object, id, comment, onDone }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const { user } = useSession();
  const place = placeOf(user.id, object.name, `${id}/${comment?.id ?? "comment"}`);
  const [text, setText] = useState(() => String(kept(place)?.changes.text ?? comment?.text ?? ""));
  const latest = useRef(text);
  const [picked, setPicked] = useState<Ref[]>(() => [
    ...(comment?.mentions ?? []),
    ...((kept(place)?.changes.picked as Ref[] | undefined) ?? []),
  ]);
  const [searching, setSearching] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(newKey);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const [ticked, setTicked] = useState<Ticked>(new Map());
  const answer = useAnswering();
  const people = usePeople(searching ?? "", searching !== null);
  const options = people.map(
    ({ id: person, label }): Choice => ({
      key: person,
      person,
      value: label ?? "",
      label: <Person name={label ?? ""} />,
    }),
  );
  const change = (next: string, mentioned = picked) => {
    latest.current = next;
    setText(next);
    setSearching((now) => (now === null ? null : (/@([^\s@]*)$/.exec(next)?.[1] ?? now)));
    setPicked(mentioned);
    setRefused("");
    if (next.trim()) keep(place, { version: 0, base: {}, changes: { text: next, picked: mentioned } });
    else forget(place);
  };
  const say = async (input: { text: string; mentions: string[] }) => {
    const row = client.getQueryData<Row>(keys.one(object.name, id));
    const about = { object: object.name, record: id, title: row ? titleOf(object, row) : "" };
    const path = `/api/records/${object.name}/${id}/comments`;
    const said = await remarkOrKeep(about, { path, body: { ...input, id: attempt } });
    if (!said) void message.info({ key: "kept", content: t("outbox.kept") });
  };
  const send = async () => {
    if (!text.trim() || busy) return;
    setBusy(true);
    setRefused("");
    const input = { text, mentions: mentionedIn(text, picked) };
    try {
      if (comment) await records.editComment(object.name, id, comment.id, input);
      else await say(input);
      setTicked(new Map());
      setAttempt(newKey());
      const untouched = latest.current === text;
      if (untouched) change("", []);
      await answer(ticked.values(), text);
      await spoilRecords(client);
      if (untouched && latest.current === "") onDone?.();
    } catch (error) {
      if (error instanceof ApiError && error.status === 422) setRefused(messageOf(error));
      else void message.error(messageOf(error) || t("error.offline"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={styles.box}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Mentions
        variant="borderless"
        aria-label={t("record.comment.write")}
        placeholder={t("record.comment.placeholder")}
        value={text}
        maxLength={MAX}
        autoFocus={Boolean(comment)}
        autoSize={{ minRows: comment ? 2 : 1, maxRows: 10 }}
        status={refused ? "error" : undefined}
        options={options}
        filterOption={false}
        onSearch={(typed) => setSearching(typed)}
        onSelect={(option: Partial<Choice>) =>
          setPicked((now) => [...now, { id: String(option.person), label: String(option.value) }])
        }
        onChange={(next) => change(next)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
            event.preventDefault();
            void send();
          }
        }}
      />
      {refused ? (
        <p className={styles.refused} role="alert">
          {refused}
        </p>
      ) : null}
      {text.trim() && !comment ? (
        <OpenOnes parent={object} id={id} ticked={ticked} onChange={setTicked} />
      ) : null}
      {text.trim() || comment ? (
        <div className={styles.foot}>
          <span className={styles.hint}>{t("record.comment.hint")}</span>
          {comment ? (
            <Button
              size="small"
              type="text"
              onClick={() => {
                forget(place);
                onDone?.();
              }}
            >
              {t("action.cancel")}
            </Button>
          ) : null}
          <Button size="small" type="primary" htmlType="submit" loading={busy} disabled={!text.trim()}>
            {comment ? t("action.save") : t("record.comment.send")}
          </Button>
        </div>
      ) : null}
    </form>
  );
}
