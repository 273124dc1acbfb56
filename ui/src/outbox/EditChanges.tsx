import { Button } from "antd";
import { X } from "lucide-react";
import { useState } from "react";

import type { Row, Values } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, useObject } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { IconButton } from "@/design/IconButton";
import { Panel } from "@/design/Panel";
import { Cell } from "@/fields/Cell";
import { FieldInput } from "@/fields/Input";
import { Labelled } from "@/records/form/FormFields";
import { Reasons } from "@/records/form/Reasons";

import { conflictsOf, type Entry, revised, wanted } from "./entry";
import styles from "./outbox.module.css";
import { revise } from "./revising";
import { useRevision } from "./useRevision";

/** Changes that wait or came back: each may be edited or left out; where others changed the same, theirs is shown. */
export function EditChanges({ entry, onClosed }: { entry: Entry; onClosed: () => void }) {
  const { t } = useTranslation();
  const say = useLabel();
  const object = useObject(entry.object);
  const [open, setOpen] = useState(true);
  const [values, setValues] = useState<Values>(wanted(entry));
  const carryOut = useRevision(() => setOpen(false));
  if (!object) return null;
  const theirs = entry.problem?.current;
  const conflicts = theirs ? conflictsOf(entry, theirs) : [];
  const none = Object.keys(values).length === 0;
  const save = () =>
    carryOut(() => revise(entry, values, (now) => (none ? null : ontop(revised(now, values), theirs))));
  const leaveOut = (name: string) =>
    setValues((now) => Object.fromEntries(Object.entries(now).filter(([other]) => other !== name)));
  return (
    <Panel
      open={open}
      title={entry.title || say(object.label)}
      onClose={() => setOpen(false)}
      onClosed={onClosed}
      footer={
        <div className={styles.foot}>
          <Button onClick={() => setOpen(false)}>{t("action.cancel")}</Button>
          <Button type="primary" onClick={() => void save()}>
            {none ? t("outbox.drop") : t("outbox.saveAndSend")}
          </Button>
        </div>
      }
    >
      <Reasons reasons={entry.problem?.errors ?? []} title={t("outbox.cameBack")} />
      {conflicts.length > 0 ? <p className={styles.lead}>{t("outbox.conflict")}</p> : null}
      {Object.keys(values).map((name) => {
        const field = fieldOf(object, name);
        if (!field) return null;
        const error = entry.problem?.errors?.find((reason) => reason.path === name)?.message;
        return (
          <div key={name} className={styles.change}>
            <div className={styles.input}>
              <Labelled id={`kept-${name}`} field={field} error={error}>
                <FieldInput
                  id={`kept-${name}`}
                  object={object}
                  field={field}
                  value={values[name]}
                  values={{ ...entry.base, ...values }}
                  invalid={Boolean(error)}
                  onChange={(changes) => setValues((now) => ({ ...now, ...changes }))}
                />
              </Labelled>
              {theirs && conflicts.includes(name) ? (
                <p className={styles.theirs}>
                  {t("outbox.theirs")} <Cell object={object} field={field} value={theirs[name]} row={theirs} />
                </p>
              ) : null}
            </div>
            <IconButton label={t("outbox.leaveOut")} icon={<X size={16} />} onClick={() => leaveOut(name)} />
          </div>
        );
      })}
    </Panel>
  );
}

/** The entry as decided by its author who has seen what the others wrote. */
function ontop(entry: Entry, theirs: Row | undefined): Entry {
  if (!theirs) return entry;
  const base = Object.fromEntries(Object.keys(wanted(entry)).map((name) => [name, theirs[name] ?? null]));
  return { ...entry, version: theirs.version, base };
}
