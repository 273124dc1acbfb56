import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { PencilLine, Trash2 } from "lucide-react";
import { useState } from "react";

import { records } from "@/api/records";
import type { Comment } from "@/api/timeline";
import type { ObjectDefinition, Ref, Row } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { Avatar } from "@/design/Avatar";
import { messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { Time } from "@/design/Time";
import { newKey } from "@/outbox/key";

import { spoilRecords } from "../cache";
import { Quotable } from "../loop/Quotable";
import { CommentBox } from "./CommentBox";
import { spans } from "./mentions";
import styles from "./timeline.module.css";

/** What somebody said about the record; one's own can be edited and taken away. */
export function CommentBubble({ object, row, comment }: { object: ObjectDefinition; row: Row; comment: Comment }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const { user } = useSession();
  const [editing, setEditing] = useState(false);
  const own = comment.author.id === user.id && !row.archived_at;
  const name = comment.author.label ?? t("timeline.system");
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      await spoilRecords(client);
      return true;
    } catch (error) {
      void message.error(messageOf(error));
      return false;
    }
  };
  const again = () =>
    attempt(() =>
      records.comment(object.name, row.id, { id: newKey(), text: comment.text, mentions: [] }),
    );
  const remove = async () => {
    if (!(await attempt(() => records.removeComment(object.name, row.id, comment.id)))) return;
    const key = `comment-${comment.id}`;
    void message.open({
      key,
      type: "success",
      duration: 6,
      content: (
        <span>
          {t("record.comment.removed")}
          <Button
            type="link"
            size="small"
            onClick={() => {
              message.destroy(key);
              void again();
            }}
          >
            {t("action.undo")}
          </Button>
        </span>
      ),
    });
  };
  return (
    <li className={styles.entry}>
      <Avatar name={name} size={25} />
      <article className={styles.bubble} aria-label={t("record.comment.by", { name })}>
        <header className={styles.line}>
          <b>{name}</b>
          <Time value={comment.at} />
          {comment.edited_at ? <span className={styles.quiet}>{t("record.comment.edited")}</span> : null}
          {own && !editing ? (
            <span className={styles.tools}>
              <IconButton
                size="small"
                label={t("record.comment.edit")}
                icon={<PencilLine size={13} />}
                onClick={() => setEditing(true)}
              />
              <IconButton
                size="small"
                label={t("record.comment.remove")}
                icon={<Trash2 size={13} />}
                onClick={() => void remove()}
              />
            </span>
          ) : null}
        </header>
        {editing ? (
          <CommentBox object={object} id={row.id} comment={comment} onDone={() => setEditing(false)} />
        ) : (
          <Quotable parent={object} row={row}>
            <p className={styles.said}>
            <Spoken text={comment.text} mentions={comment.mentions} />
          </p>
          </Quotable>
        )}
      </article>
    </li>
  );
}

/** A comment's text with the names of those it mentions set apart. */
function Spoken({ text, mentions }: { text: string; mentions: readonly Ref[] }) {
  const names = mentions.map((person) => person.label).filter((name) => name != null);
  return spans(text, names).map((part, index) =>
    part.mention ? (
      <b key={index} className={styles.mention}>
        {part.text}
      </b>
    ) : (
      <span key={index}>{part.text}</span>
    ),
  );
}
