import { Input, Modal, Radio } from "antd";
import { useState } from "react";

import type { Look, SavedView, Shared } from "@/api/views";
import type { ObjectDefinition } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";

import styles from "./tabs.module.css";
import { useViewActions } from "./useViewActions";

const NEEDED: Record<Shared, string> = { none: "", team: "share", everyone: "publish" };
const MAX_NAME = 80;

interface Props {
  object: ObjectDefinition;
  look: Look;
  /** The view that is renamed or shared; null for a new one. */
  saved: SavedView | null;
  suggested: string;
  onClose: () => void;
  onSaved: (id: string) => void;
}

/** The name of a view, and who sees it. */
export function SaveDialog({ object, look, saved, suggested, onClose, onSaved }: Props) {
  const { t } = useTranslation();
  const { permissions } = useSession();
  const actions = useViewActions(object);
  const [name, setName] = useState(suggested);
  const [shared, setShared] = useState<Shared>(saved?.shared ?? "none");
  const ways = (["none", "team", "everyone"] as const).filter(
    (way) => way === saved?.shared || !NEEDED[way] || permissions.includes(NEEDED[way]),
  );
  const submit = async () => {
    if (!name.trim()) return;
    const done = saved
      ? await actions.change(saved, { name, shared })
      : await actions.create(name, look, shared);
    if (done) onSaved(done.id);
  };
  return (
    <Modal
      open
      width={420}
      title={saved ? t("views.settings") : t("views.saveAs")}
      okText={t("action.save")}
      okButtonProps={{ disabled: !name.trim(), loading: actions.busy }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <div className={styles.dialog}>
        <label>
          <span className="sr-only">{t("views.name")}</span>
          <Input
            value={name}
            maxLength={MAX_NAME}
            autoFocus
            placeholder={t("views.namePlaceholder")}
            onChange={(event) => setName(event.target.value)}
            onPressEnter={() => void submit()}
          />
        </label>
        {ways.length > 1 ? (
          <Radio.Group
            aria-label={t("views.sharedWith")}
            className={styles.choice}
            value={shared}
            onChange={(event) => setShared(event.target.value as Shared)}
          >
            {ways.map((way) => (
              <Radio key={way} value={way}>
                {t(`views.shared.${way}`)}
                <small>{t(`views.sharedHint.${way}`)}</small>
              </Radio>
            ))}
          </Radio.Group>
        ) : null}
      </div>
    </Modal>
  );
}
