import { Input, type InputRef } from "antd";
import { Search } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";

import { useHotkeys } from "@/app/hotkeys";
import { useStable } from "@/app/stable";
import { useTranslation } from "@/app/translation";
import { Kbd } from "@/design/Kbd";
import { usePhone } from "@/design/media";

import styles from "./toolbar.module.css";
import { arrived, startTyping, toSend } from "./typing";

const TYPING_MS = 250;

interface Props {
  value: string;
  onChange: (q: string) => void;
}

/** Finds by what is typed, once the typing rests. `/` leads to it. */
export const QuickSearch = memo(function QuickSearch({ value, onChange }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const box = useRef<InputRef>(null);
  const [typing, setTyping] = useState(() => startTyping(value));
  if (typing.known !== value) setTyping(arrived(typing, value));
  const { text } = typing;
  const send = useStable(() => {
    const wanted = toSend(typing);
    if (wanted === null) return;
    setTyping((now) => ({ ...now, sent: [...now.sent, wanted] }));
    onChange(wanted);
  });
  useEffect(() => {
    const timer = setTimeout(send, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, send]);
  useHotkeys({
    "/": (event) => {
      event.preventDefault();
      box.current?.focus();
    },
  });
  return (
    <Input
      ref={box}
      className={styles.search}
      value={text}
      allowClear
      type="search"
      prefix={<Search size={15} aria-hidden />}
      suffix={phone || text ? null : <Kbd keys="/" />}
      placeholder={t("list.search")}
      aria-label={t("list.search")}
      onChange={(event) => setTyping((now) => ({ ...now, text: event.target.value }))}
      onKeyDown={(event) => {
        if (event.key === "Escape") box.current?.blur();
      }}
    />
  );
});
