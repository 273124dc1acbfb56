import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useHotkeys } from "@/app/hotkeys";
import { ApiError, isStale } from "@/api/client";
import type { ObjectDefinition, Reason, Row, Values } from "@/api/types";
import { pipelineOf, useCatalog } from "@/catalog/catalog";
import { isVisible } from "@/catalog/condition";
import { useLabel } from "@/catalog/label";
import { Kbd } from "@/design/Kbd";
import { messageOf } from "@/design/Failure";
import { updateOrKeep } from "@/outbox/write";

import { spoilRecords } from "../cache";
import { useDraft } from "../draft";
import { Reasons } from "../form/Reasons";
import { sectionsOf } from "../form/sections";
import { titleOf } from "../summary";
import { LeaveGuard } from "./LeaveGuard";
import { MergePanel } from "./MergePanel";
import styles from "./properties.module.css";
import { Property } from "./Property";

/** The record's fields, edited in place; saving sends only what changed, against the version it was read at. */
export function Properties({ object, row }: { object: ObjectDefinition; row: Row }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const staged = pipelineOf(useCatalog(), object)?.field;
  const [base, setBase] = useState(row);
  const draft = useDraft(base);
  if (base !== row && !draft.dirty) setBase(row);
  const [editing, setEditing] = useState<string | null>(null);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [reasons, setReasons] = useState<Reason[]>([]);
  const [theirs, setTheirs] = useState<Row | null>(null);
  const [busy, setBusy] = useState(false);
  const sections = useMemo(() => {
    const shown = object.fields.filter((field) => !field.system && field.name !== staged);
    const system = object.fields.filter((field) => field.system && field.name !== "archived_at");
    return [
      ...sectionsOf(object, shown, say, t("form.other")),
      { name: "system", title: t("detail.system"), fields: system },
    ];
  }, [object, staged, say, t]);

  const save = async (version = base.version, changes = draft.changes): Promise<boolean> => {
    setBusy(true);
    setErrors({});
    setReasons([]);
    try {
      const saved = await updateOrKeep({
        object: object.name,
        record: row.id,
        title: titleOf(object, row),
        version,
        values: changes,
        base: Object.fromEntries(Object.keys(changes).map((name) => [name, base[name]])),
      });
      setTheirs(null);
      setEditing(null);
      draft.reset();
      if (saved) void message.success(t("form.saved"));
      else void message.info({ key: "kept", content: t("outbox.kept") });
      await spoilRecords(client);
      return true;
    } catch (error) {
      if (isStale(error)) setTheirs(error.problem.current ?? null);
      else if (error instanceof ApiError) {
        const known = error.byField();
        setErrors(known);
        setReasons(error.reasons.filter((reason) => !reason.path || !(reason.path in draft.changes)));
        if (error.reasons.length === 0) void message.error(messageOf(error) || t("error.offline"));
      } else throw error;
      return false;
    } finally {
      setBusy(false);
    }
  };
  const cancel = () => {
    draft.reset();
    setErrors({});
    setReasons([]);
    setEditing(null);
  };
  useHotkeys({
    "mod+s": (event) => {
      event.preventDefault();
      if (draft.dirty) void save();
    },
  });
  const editable = object.can.update && !row.archived_at;
  return (
    <div className={styles.properties}>
      <Reasons reasons={reasons} title={t("form.refused")} />
      {sections.map((section) => (
        <section key={section.name} className={styles.section}>
          {section.title ? <h2 className={styles.heading}>{section.title}</h2> : null}
          <div className={styles.grid}>
            {section.fields
              .filter((field) => isVisible(field, draft.values))
              .map((field) => (
                <Property
                  key={field.name}
                  object={object}
                  field={field}
                  row={base}
                  draft={draft}
                  editable={editable}
                  editing={editing === field.name || field.name in errors}
                  error={errors[field.name]}
                  onEdit={() => setEditing(field.name)}
                  onLeave={() => setEditing((now) => (now === field.name ? null : now))}
                />
              ))}
          </div>
        </section>
      ))}
      {draft.dirty ? (
        <div className={styles.saveBar} role="region" aria-label={t("form.unsaved")}>
          <span>{t("form.changes", { count: Object.keys(draft.changes).length })}</span>
          <Button type="text" onClick={cancel}>
            {t("form.discard")}
          </Button>
          <Button type="primary" loading={busy} onClick={() => void save()}>
            {t("action.save")} <Kbd keys="modS" />
          </Button>
        </div>
      ) : null}
      <LeaveGuard dirty={draft.dirty} busy={busy} onSave={() => save()} />
      {theirs ? (
        <MergePanel
          object={object}
          base={base}
          theirs={theirs}
          draft={draft}
          busy={busy}
          onClose={() => setTheirs(null)}
          onMerge={(dropped) => {
            const kept = without(draft.changes, dropped);
            draft.drop(dropped);
            if (Object.keys(kept).length === 0) {
              setTheirs(null);
              void spoilRecords(client);
            } else void save(theirs.version, kept);
          }}
        />
      ) : null}
    </div>
  );
}

function without(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}
