import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";

import { type Look, type SavedView, type Shared, savedViews, savedViewsQuery } from "@/api/views";
import type { ObjectDefinition } from "@/api/types";
import { useCopy } from "@/app/copy";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";

const UNDO_SECONDS = 6;

interface ViewActions {
  busy: boolean;
  /** Keeps a look as a new view; null when it was refused. */
  create: (name: string, definition: Look, shared: Shared) => Promise<SavedView | null>;
  change: (
    view: SavedView,
    changes: Partial<{ name: string; definition: Look; shared: Shared }>,
  ) => Promise<SavedView | null>;
  /** Deletes a view; it can be had back for a moment, and `onBack` is told its new id. */
  remove: (view: SavedView, onBack: (id: string) => void) => Promise<boolean>;
  chooseDefault: (view: string) => Promise<void>;
  copyLink: () => Promise<void>;
}

/** What can be done to the views of an object. Refusals are said in a message. */
export function useViewActions(object: ObjectDefinition): ViewActions {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const copy = useCopy();
  const [busy, setBusy] = useState(false);
  const attempt = async <T,>(work: () => Promise<T>): Promise<T | null> => {
    setBusy(true);
    try {
      const done = await work();
      await client.invalidateQueries({ queryKey: savedViewsQuery(object.name).queryKey });
      return done;
    } catch (error) {
      void message.error(messageOf(error) || t("error.offline"));
      return null;
    } finally {
      setBusy(false);
    }
  };
  const create = (name: string, definition: Look, shared: Shared) =>
    attempt(() => savedViews.create({ object: object.name, name, definition, shared }));
  return {
    busy,
    create,
    change: async (view, changes) => {
      const done = await attempt(() => savedViews.change(view.id, view.version, changes));
      if (done) void message.success(t("views.saved", { name: done.name }));
      return done;
    },
    remove: async (view, onBack) => {
      const done = await attempt(async () => {
        await savedViews.remove(view.id);
        return true;
      });
      if (!done) return false;
      const key = `view-${view.id}`;
      const undo = async () => {
        message.destroy(key);
        const back = await create(view.name, view.definition, view.mine ? view.shared : "none");
        if (back) onBack(back.id);
      };
      void message.open({
        key,
        duration: UNDO_SECONDS,
        content: (
          <span>
            {t("views.removed", { name: view.name })}
            <Button type="link" size="small" onClick={() => void undo()}>
              {t("action.undo")}
            </Button>
          </span>
        ),
      });
      return true;
    },
    chooseDefault: async (view) => {
      const done = await attempt(async () => {
        await savedViews.chooseDefault(object.name, view);
        return true;
      });
      if (done) void message.success(view ? t("views.standardChosen") : t("views.standardDropped"));
    },
    copyLink: () => copy(window.location.href, t("views.linkCopied")),
  };
}
