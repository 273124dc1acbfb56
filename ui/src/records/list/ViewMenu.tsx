import { Button, Dropdown } from "antd";
import { Check, Link2, PencilLine, Plus, RotateCcw, Save, Star, Trash2, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";

import type { Look } from "@/api/views";
import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { IconButton } from "@/design/IconButton";
import { usePhone } from "@/design/media";

import styles from "./tabs.module.css";
import { useViewActions } from "./useViewActions";
import type { ListView } from "./views";

const SaveDialog = lazy(() => import("./SaveDialog").then((module) => ({ default: module.SaveDialog })));

interface Props {
  object: ObjectDefinition;
  view: ListView;
  look: Look;
  changed: boolean;
  /** The view that the object starts with for this viewer. */
  standard: string | undefined;
  onReset: () => void;
  /** Goes to a view as it is saved, or to the one that comes first. */
  onGo: (view: string | undefined) => void;
}

/** Save, save as, rename, share, start with, delete; and the changes that are not saved, visible as such. */
export function ViewMenu({ object, view, look, changed, standard, onReset, onGo }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const [dialog, setDialog] = useState<"new" | "settings" | null>(null);
  const actions = useViewActions(object);
  const { saved } = view;
  const savable = changed && Boolean(saved?.editable);
  const save = async () => {
    if (saved && (await actions.change(saved, { definition: look }))) onGo(saved.id);
  };
  return (
    <div className={styles.menu}>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            savable && { key: "save", icon: <Save size={15} />, label: t("views.save"), onClick: () => void save() },
            { key: "new", icon: <Plus size={15} />, label: t("views.saveAs"), onClick: () => setDialog("new") },
            changed && { key: "reset", icon: <RotateCcw size={15} />, label: t("views.reset"), onClick: onReset },
            { type: "divider" as const },
            saved?.editable && {
              key: "settings",
              icon: <PencilLine size={15} />,
              label: t("views.settings"),
              onClick: () => setDialog("settings"),
            },
            {
              key: "standard",
              icon: standard === view.name ? <Check size={15} /> : <Star size={15} />,
              label: standard === view.name ? t("views.noStandard") : t("views.makeStandard"),
              onClick: () => void actions.chooseDefault(standard === view.name ? "" : view.name),
            },
            { key: "link", icon: <Link2 size={15} />, label: t("views.copyLink"), onClick: () => void actions.copyLink() },
            saved?.editable && { type: "divider" as const },
            saved?.editable && {
              key: "remove",
              icon: <Trash2 size={15} />,
              label: t("views.remove"),
              danger: true,
              onClick: () => void actions.remove(saved, onGo).then((done) => {
                  if (done) onGo(undefined);
                }),
            },
          ].filter((item) => item !== false && item !== undefined && item !== null),
        }}
      >
        <span>
          <IconButton
            label={t("views.menu")}
            icon={saved && saved.shared !== "none" && saved.mine ? <Users size={15} /> : <span aria-hidden>{"⋯"}</span>}
          />
        </span>
      </Dropdown>
      {changed && !phone ? (
        <div className={styles.unsaved}>
          <Button size="small" type="text" icon={<RotateCcw size={13} />} onClick={onReset}>
            {t("views.reset")}
          </Button>
          {savable ? (
            <Button size="small" type="primary" loading={actions.busy} onClick={() => void save()}>
              {t("views.save")}
            </Button>
          ) : null}
          <Button size="small" onClick={() => setDialog("new")}>
            {t("views.saveAs")}
          </Button>
        </div>
      ) : null}
      {dialog ? (
        <Suspense>
          <SaveDialog
            object={object}
            look={look}
            saved={dialog === "settings" ? saved : null}
            suggested={dialog === "new" ? "" : view.text}
            onClose={() => setDialog(null)}
            onSaved={(id) => {
              if (dialog === "new") onGo(id);
              setDialog(null);
            }}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
