import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Modal } from "antd";
import { CornerDownLeft, Plus, Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useDeferredValue, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "@/api/client";
import type { SearchHit } from "@/api/types";
import { may, useCatalog } from "@/catalog/catalog";
import { groupObjects } from "@/catalog/groups";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { cx } from "@/design/cx";
import { useCreate } from "@/records/create/context";

import styles from "./Palette.module.css";

interface Entry {
  key: string;
  group: string;
  icon: ReactNode;
  text: string;
  hint?: string;
  run: () => void;
}

/** ⌘K: find a record, go to an object, create something. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState(0);
  const entries = useEntries(typed, onClose);
  const active = Math.min(picked, Math.max(entries.length - 1, 0));
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setPicked((active + step + entries.length) % Math.max(entries.length, 1));
    }
    if (event.key === "Enter") entries[active]?.run();
  };
  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      width={620}
      style={{ top: "12vh" }}
      title={t("shell.search")}
      styles={{ container: { padding: 0, overflow: "hidden" }, header: { display: "none" } }}
    >
      <div className={styles.field}>
        <Search size={17} aria-hidden />
        <input
          autoFocus
          className={styles.input}
          value={typed}
          placeholder={t("palette.placeholder")}
          role="combobox"
          aria-label={t("palette.placeholder")}
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={entries[active] ? `palette-${active}` : undefined}
          onChange={(event) => {
            setTyped(event.target.value);
            setPicked(0);
          }}
          onKeyDown={press}
        />
      </div>
      <div ref={list} id="palette-list" role="listbox" aria-label={t("palette.results")} className={styles.list}>
        {entries.map((entry, index) => (
          <div key={entry.key}>
            {entry.group !== entries[index - 1]?.group ? <p className={styles.group}>{entry.group}</p> : null}
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
    </Modal>
  );
}

function useEntries(typed: string, onClose: () => void): Entry[] {
  const { t } = useTranslation();
  const say = useLabel();
  const catalog = useCatalog();
  const navigate = useNavigate();
  const create = useCreate();
  const q = useDeferredValue(typed.trim());
  const { data } = useQuery({
    queryKey: ["search", q],
    queryFn: ({ signal }) => api.get<{ items: SearchHit[] }>("/api/search", { q }, signal),
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });
  const objects = groupObjects(catalog).flatMap((group) => group.objects);
  const after = (act: () => void) => () => {
    onClose();
    act();
  };
  const hits = (q === "" ? [] : (data?.items ?? [])).map((hit): Entry => {
    const object = catalog.objects[hit.object];
    return {
      key: `hit-${hit.object}-${hit.id}`,
      group: t("palette.records"),
      icon: <ObjectIcon name={object?.icon} />,
      text: hit.label,
      hint: [say(object?.label), hit.hint].filter(Boolean).join(" · "),
      run: after(() => void navigate({ to: "/records/$object/$id", params: { object: hit.object, id: hit.id } })),
    };
  });
  const matches = (text: string) => text.toLowerCase().includes(typed.trim().toLowerCase());
  const goto = objects
    .filter((object) => matches(say(object.plural)) || matches(object.name))
    .map((object): Entry => ({
      key: `go-${object.name}`,
      group: t("palette.goTo"),
      icon: <ObjectIcon name={object.icon} />,
      text: say(object.plural),
      run: after(() => void navigate({ to: "/records/$object", params: { object: object.name }, search: {} })),
    }));
  const made = objects
    .filter((object) => may(object, "create"))
    .map((object): Entry => ({
      key: `new-${object.name}`,
      group: t("palette.create"),
      icon: <Plus size={16} aria-hidden />,
      text: t("action.createThing", { thing: say(object.label) }),
      run: after(() => create({ object: object.name })),
    }))
    .filter((entry) => matches(entry.text));
  return [...hits, ...goto, ...made];
}
