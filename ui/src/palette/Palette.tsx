import { useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { ChevronRight, CornerDownLeft, Search, UserRound } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useRef, useState } from "react";

import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";
import { usePhone } from "@/design/media";

import type { PageAction } from "./actions";
import { type Entry, useEntries } from "./entries";
import styles from "./Palette.module.css";

/** ⌘K: find a record, go anywhere, create something, act on what is open. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const [picking, setPicking] = useState<PageAction | null>(null);
  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      width={640}
      style={{ top: phone ? 8 : "12vh" }}
      title={t("shell.search")}
      styles={{ container: { padding: 0, overflow: "hidden" }, header: { display: "none" } }}
    >
      {picking ? (
        <Choosing key={picking.id} action={picking} onClose={onClose} onBack={() => setPicking(null)} />
      ) : (
        <Finding onClose={onClose} onPick={setPicking} />
      )}
    </Modal>
  );
}

function Finding({ onClose, onPick }: { onClose: () => void; onPick: (action: PageAction) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const entries = useEntries(typed, onClose, onPick);
  return <Field typed={typed} onType={setTyped} entries={entries} placeholder={t("palette.placeholder")} />;
}

interface ChoosingProps {
  action: PageAction;
  onClose: () => void;
  onBack: () => void;
}

/** The second step of an action: what it is done with. */
function Choosing({ action, onClose, onBack }: ChoosingProps) {
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const { data } = useQuery({
    queryKey: ["palette", action.id, q],
    queryFn: ({ signal }) => action.choices?.find(q, signal) ?? [],
    gcTime: 0,
  });
  const entries = (data ?? []).map((choice): Entry => ({
    key: choice.id,
    group: action.text,
    icon: <UserRound size={16} strokeWidth={1.7} aria-hidden />,
    text: choice.text,
    hint: choice.hint,
    score: 1,
    run: () => {
      onClose();
      action.choices?.pick(choice);
    },
  }));
  return (
    <Field
      typed={typed}
      onType={setTyped}
      entries={entries}
      placeholder={action.choices?.placeholder ?? ""}
      onBack={onBack}
    />
  );
}

interface FieldProps {
  typed: string;
  onType: (text: string) => void;
  entries: Entry[];
  placeholder: string;
  onBack?: () => void;
}

function Field({ typed, onType, entries, placeholder, onBack }: FieldProps) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState(0);
  const active = Math.min(picked, Math.max(entries.length - 1, 0));
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      event.preventDefault();
      const count = Math.max(entries.length, 1);
      const next = active + step;
      setPicked(Math.abs(step) === 1 ? (next + count) % count : Math.min(Math.max(next, 0), count - 1));
    }
    if (event.key === "Backspace" && typed === "" && onBack) onBack();
    if (event.key === "Enter") {
      event.preventDefault();
      entries[active]?.run();
    }
  };
  return (
    <>
      <div className={styles.field}>
        {onBack ? <ChevronRight size={17} aria-hidden /> : <Search size={17} aria-hidden />}
        <input
          autoFocus
          className={styles.input}
          value={typed}
          placeholder={placeholder}
          role="combobox"
          aria-label={placeholder}
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={entries[active] ? `palette-${active}` : undefined}
          onChange={(event) => {
            onType(event.target.value);
            setPicked(0);
          }}
          onKeyDown={press}
        />
      </div>
      <div ref={list} id="palette-list" role="listbox" aria-label={t("palette.results")} className={styles.list}>
        {entries.map((entry, index) => (
          <div key={entry.key}>
            {entry.group !== entries[index - 1]?.group ? <p className={cx(styles.group, "cut")}>{entry.group}</p> : null}
            <div
              id={`palette-${index}`}
              role="option"
              aria-selected={index === active}
              className={cx(styles.entry, index === active && styles.on)}
              onClick={entry.run}
              onMouseMove={() => setPicked(index)}
            >
              {entry.icon}
              <span className="cut">{entry.text}</span>
              {entry.hint ? <span className={cx(styles.hint, "cut")}>{entry.hint}</span> : null}
              {index === active ? <CornerDownLeft size={14} className={styles.enter} aria-hidden /> : null}
            </div>
          </div>
        ))}
        {entries.length === 0 ? <p className={styles.none}>{t("palette.none")}</p> : null}
      </div>
    </>
  );
}
