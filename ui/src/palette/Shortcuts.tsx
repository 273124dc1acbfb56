import { Modal } from "antd";

import { boundKeys } from "@/app/hotkeys";
import { useTranslation } from "@/app/translation";
import { Kbd } from "@/design/Kbd";

import { type GoKey, useGoKeys } from "./go";
import styles from "./Shortcuts.module.css";

/** The keys that do something here, and what. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const go = useGoKeys();
  const bound = boundKeys().filter((key) => key !== "g" && key in TEXTS);
  return (
    <Modal open onCancel={onClose} footer={null} width={640} title={t("hotkeys.title")}>
      <div className={styles.sheet}>
        <section>
          <h3>{t("hotkeys.here")}</h3>
          <dl>
            {bound.map((key) => (
              <div key={key} className={styles.line}>
                <dt>{t(TEXTS[key] ?? "")}</dt>
                <dd>
                  <Kbd keys={shownOf(key)} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
        <section>
          <h3>{t("hotkeys.go")}</h3>
          <dl>
            {go.map((one: GoKey) => (
              <div key={one.key} className={styles.line}>
                <dt>{one.text}</dt>
                <dd>
                  <Kbd keys="G" /> <Kbd keys={one.key.toUpperCase()} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Modal>
  );
}

const TEXTS: Record<string, string> = {
  "mod+k": "hotkeys.find",
  "?": "hotkeys.sheet",
  "/": "hotkeys.search",
  c: "hotkeys.create",
  j: "hotkeys.down",
  k: "hotkeys.up",
  x: "hotkeys.select",
  e: "hotkeys.edit",
  Enter: "hotkeys.open",
  " ": "hotkeys.preview",
  Escape: "hotkeys.close",
  "mod+s": "hotkeys.save",
  "mod+z": "hotkeys.undo",
  "mod+a": "hotkeys.selectAll",
};

function shownOf(key: string): string {
  if (key.startsWith("mod+")) return `mod${key.slice(4).toUpperCase()}`;
  return { " ": "Space", Enter: "↵", Escape: "Esc" }[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
