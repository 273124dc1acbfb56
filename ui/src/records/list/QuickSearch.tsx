import { Input, type InputRef } from "antd";
import { Search } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";

import { useHotkeys } from "@/app/hotkeys";
import { useTranslation } from "@/app/translation";
import { Kbd } from "@/design/Kbd";
import { usePhone } from "@/design/media";

import styles from "./toolbar.module.css";

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
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what is typed starts the clock
  }, [typed]);
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
      value={typed}
      allowClear
      type="search"
      prefix={<Search size={15} aria-hidden />}
      suffix={phone || typed ? null : <Kbd keys="/" />}
      placeholder={t("list.search")}
      aria-label={t("list.search")}
      onChange={(event) => setTyped(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") box.current?.blur();
      }}
    />
  );
});
