import { Button } from "antd";
import { CircleDot, History, X } from "lucide-react";
import { useMemo, useState } from "react";

import { useHotkeys } from "@/app/hotkeys";
import { useStable } from "@/app/stable";
import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, mayDo, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { IconButton } from "@/design/IconButton";
import { Kbd } from "@/design/Kbd";
import { Time } from "@/design/Time";

import { Reasons } from "../form/Reasons";
import { sectionsOf, visibleSections } from "../form/sections";
import { type Arrival, useEditing } from "./editing";
import { FieldHistory } from "./FieldHistory";
import { LeaveGuard } from "./LeaveGuard";
import { ConflictPanel } from "./ConflictPanel";
import styles from "./properties.module.css";
import { Property } from "./Property";

/** The record's fields, edited in place; saving sends only what changed, and others' changes come in meanwhile. */
export function Properties({ object, row }: { object: ObjectDefinition; row: Row }) {
  const { t } = useTranslation();
  const say = useLabel();
  const staged = pipelineOf(useCatalog(), object)?.field;
  const work = useEditing(object, row);
  const { draft, errors, arrival } = work;
  const [editing, setEditing] = useState<string | null>(null);
  const [past, setPast] = useState<string | null>(null);
  const sections = useMemo(() => {
    const shown = object.fields.filter((field) => !field.system && field.name !== staged);
    const system = object.fields.filter((field) => field.system && field.name !== "archived_at");
    return [
      ...sectionsOf(object, shown, say, t("form.other")),
      { name: "system", title: t("detail.system"), fields: system },
    ];
  }, [object, staged, say, t]);
  const shown = visibleSections(sections, draft.values);
  /** A field that is typed into since it was sent stays open. */
  const close = useStable((field: string | null) => {
    if (!draft.dirty) setEditing((now) => (now === field ? null : now));
  });
  const save = async () => {
    const saved = await work.save();
    if (saved) close(editing);
    return saved;
  };
  useHotkeys({
    "mod+s": (event) => {
      event.preventDefault();
      if (draft.dirty) void save();
    },
  });
  const editable = mayDo(object, row, "update");
  const pastField = past ? fieldOf(object, past) : null;
  return (
    <div className={styles.properties}>
      <Reasons reasons={work.reasons} title={t("form.refused")} />
      {arrival ? <Arrived object={object} arrival={arrival} onClose={work.dismissArrival} /> : null}
      {work.recovered ? (
        <p className={styles.mark} role="status">
          <History size={14} aria-hidden />
          {t("form.recovered")}
        </p>
      ) : null}
      {shown.map((section) => (
        <section key={section.name} className={styles.section}>
          {section.title ? <h2 className={styles.heading}>{section.title}</h2> : null}
          <div className={styles.grid}>
            {section.fields.map((field) => (
              <Property
                key={field.name}
                object={object}
                field={field}
                row={row}
                draft={draft}
                editable={editable}
                editing={editing === field.name || field.name in errors}
                error={errors[field.name]}
                fresh={arrival?.fields.includes(field.name)}
                collides={work.open.includes(field.name)}
                onSettle={(mine) => work.settle(field.name, mine)}
                onEdit={() => setEditing(field.name)}
                onLeave={() => setEditing((now) => (now === field.name ? null : now))}
                onHistory={() => setPast(field.name)}
              />
            ))}
          </div>
        </section>
      ))}
      {draft.dirty ? (
        <div className={styles.saveBar} role="region" aria-label={t("form.unsaved")}>
          <span>{t("form.changes", { count: Object.keys(draft.changes).length })}</span>
          <Button
            type="text"
            onClick={() => {
              work.discard();
              setEditing(null);
            }}
          >
            {t("form.discard")}
          </Button>
          <Button type="primary" loading={work.busy} onClick={() => void save()}>
            {t("action.save")} <Kbd keys="modS" />
          </Button>
        </div>
      ) : null}
      <LeaveGuard dirty={draft.dirty} busy={work.busy} onSave={save} onDrop={work.discard} />
      {work.collision ? (
        <ConflictPanel
          object={object}
          collision={work.collision}
          draft={draft}
          busy={work.busy}
          onClose={work.leaveCollision}
          onMerge={(dropped) => void work.merge(dropped).then(() => setEditing(null))}
        />
      ) : null}
      {pastField ? (
        <FieldHistory object={object} field={pastField} row={row} editable={editable} onClose={() => setPast(null)} />
      ) : null}
    </div>
  );
}

interface ArrivedProps {
  object: ObjectDefinition;
  arrival: Arrival;
  onClose: () => void;
}

/** A quiet word on what somebody else just changed. */
function Arrived({ object, arrival, onClose }: ArrivedProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const names = arrival.fields.map((name) => say(fieldOf(object, name)?.label)).filter(Boolean);
  return (
    <p className={styles.mark} role="status">
      <CircleDot size={14} aria-hidden />
      <span>
        {t("form.arrived", {
          name: arrival.by,
          fields: names.slice(0, 4).join(t("filter.comma")),
          more: names.length > 4 ? t("form.more", { count: names.length }) : "",
        })}
      </span>
      <Time value={arrival.at} />
      <IconButton size="small" label={t("action.close")} icon={<X size={13} />} onClick={onClose} />
    </p>
  );
}
