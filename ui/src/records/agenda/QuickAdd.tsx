import { useQueryClient } from "@tanstack/react-query";
import { App, Input, type InputRef } from "antd";
import { CalendarDays, Plus } from "lucide-react";
import { useRef, useState } from "react";

import { ApiError } from "@/api/client";
import { records } from "@/api/records";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { Kbd } from "@/design/Kbd";
import { usePhone } from "@/design/media";
import { formatDay } from "@/format/date";
import { newKey } from "@/outbox/key";
import { useLabel } from "@/catalog/label";

import { spoilRecords } from "../cache";
import { useCreate } from "../create/context";
import { type Dated, wireMoment } from "../dates/moments";
import styles from "./agenda.module.css";
import { readPhrase } from "./phrase";

/** One line and Enter: the day that the line names is taken for the date. What needs more opens the form. */
export function QuickAdd({ dated }: { dated: Dated }) {
  const { t } = useTranslation();
  const say = useLabel();
  const phone = usePhone();
  const { message } = App.useApp();
  const client = useQueryClient();
  const create = useCreate();
  const box = useRef<InputRef>(null);
  const [line, setLine] = useState("");
  const [busy, setBusy] = useState(false);
  const { object, start } = dated;
  const phrase = readPhrase(line);

  const add = async () => {
    if (!phrase.text || busy) return;
    const day = phrase.day ?? null;
    /** What was typed meanwhile stays. */
    const clear = () => setLine((now) => (now === line ? "" : now));
    const values = {
      [object.title]: phrase.text,
      ...(day ? { [start.name]: wireMoment(start, start.stored_type === "date" ? day : day.hour(9)) } : {}),
    };
    setBusy(true);
    try {
      await records.create(object.name, values, newKey());
      clear();
      await spoilRecords(client);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 422) create({ object: object.name, prefill: values, onCreated: clear });
      else void message.error(messageOf(error) || t("error.offline"));
    } finally {
      setBusy(false);
      box.current?.focus();
    }
  };
  return (
    <div className={styles.add}>
      <Input
        ref={box}
        size="large"
        value={line}
        maxLength={200}
        prefix={<Plus size={16} aria-hidden />}
        suffix={
          phrase.day ? (
            <span className={styles.read}>
              <CalendarDays size={13} aria-hidden />
              {formatDay(phrase.day.format("YYYY-MM-DD"), t)}
            </span>
          ) : phone ? null : (
            <Kbd keys="Enter" />
          )
        }
        aria-label={t("agenda.add", { thing: say(object.label) })}
        placeholder={t("agenda.addHint", { thing: say(object.label) })}
        onChange={(event) => setLine(event.target.value)}
        onPressEnter={(event) => {
          if (!event.nativeEvent.isComposing) void add();
        }}
      />
    </div>
  );
}
