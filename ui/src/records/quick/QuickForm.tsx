import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { useState } from "react";

import { ApiError } from "@/api/client";
import type { Due } from "@/api/signing";
import type { Child, Field, ObjectDefinition, Option, Reason, Row, Values } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { fieldOf, isWritable } from "@/catalog/catalog";
import { isVisible } from "@/catalog/condition";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { FieldInput } from "@/fields/Input";
import { isEmptyValue } from "@/fields/kinds";
import { newKey } from "@/outbox/key";
import { createOrKeep } from "@/outbox/write";

import { spoilRecords } from "../cache";
import { useCreate } from "../create/context";
import { defaultsOf } from "../create/defaults";
import { Labelled } from "../form/FormFields";
import { Refusal } from "../form/Refusal";
import { forget, keep, kept, placeOf } from "../keeping";
import { useAnswering } from "../loop/answering";
import { OpenOnes, type Ticked } from "../loop/OpenOnes";
import { titleOf } from "../summary";
import { prefillOf } from "./prefill";
import styles from "./quick.module.css";

/** Something to add in a line: a child of the record, and for some the option it is of. */
export interface Way {
  key: string;
  child: Child;
  object: ObjectDefinition;
  option: Option | null;
}

interface Props {
  parent: ObjectDefinition;
  row: Row;
  way: Way;
  onClose: () => void;
  onDone: () => void;
}

/** The few fields of a quick entry, the words first. What was typed stays until it is saved. */
export function QuickForm({ parent, row, way, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const create = useCreate();
  const { user } = useSession();
  const { object, option, child } = way;
  const fields = fieldsOf(object);
  const place = placeOf(user.id, object.name, `${row.id}/${way.key}`);
  const [values, setValues] = useState<Values>(() => ({
    ...defaultsOf(object.fields, user),
    ...prefillOf(parent, row, child, object),
    ...(option && object.quick
      ? { [object.quick.by]: option.value, [object.title]: `${say(option.label)}${t("record.next.colon")}${titleOf(parent, row)}` }
      : {}),
    ...kept(place)?.changes,
  }));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [reasons, setReasons] = useState<Reason[]>([]);
  const [due, setDue] = useState<Due | null>(null);
  const [busy, setBusy] = useState(false);
  const [ticked, setTicked] = useState<Ticked>(new Map());
  const [attempt, setAttempt] = useState(newKey);
  const answer = useAnswering();
  const first = fields.find((field) => isEmptyValue(values[field.name]))?.name ?? fields[0]?.name;
  const change = (changes: Values) => {
    setValues((now) => ({ ...now, ...changes }));
    setErrors({});
    keep(place, { version: 0, base: {}, changes: { ...kept(place)?.changes, ...changes } });
  };
  const save = async () => {
    if (isEmptyValue(values[object.title])) {
      setErrors({ [object.title]: t("form.required") });
      return;
    }
    setBusy(true);
    setReasons([]);
    try {
      const made = await createOrKeep({ object: object.name, title: String(values[object.title]), values, key: attempt });
      forget(place);
      setAttempt(newKey());
      const words = fields.find((field) => field.stored_type === "long_text")?.name ?? object.title;
      await answer(ticked.values(), String(values[words] ?? ""));
      if (made) void message.success(t("form.created", { thing: say(option?.label ?? object.label) }));
      else void message.info({ key: "kept", content: t("outbox.kept") });
      await spoilRecords(client);
      onDone();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setDue(error.problem.due ?? null);
      setErrors(error.byField());
      setReasons(error.reasons.filter((reason) => !fields.some((field) => field.name === reason.path)));
      if (error.reasons.length === 0) void message.error(messageOf(error) || t("error.offline"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={styles.form}
      aria-label={t("action.createThing", { thing: say(option?.label ?? object.label) })}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void save();
      }}
    >
      <Refusal reasons={reasons} due={due} />
      {object.loop ? null : <OpenOnes parent={parent} id={row.id} ticked={ticked} onChange={setTicked} />}
      <div className={styles.fields}>
        {fields
          .filter((field) => isVisible(field, values))
          .map((field) => (
            <div key={field.name} className={isWide(object, field) ? styles.wide : undefined}>
              <Labelled id={`quick-${field.name}`} field={field} error={errors[field.name]}>
                <FieldInput
                  id={`quick-${field.name}`}
                  object={object}
                  field={field}
                  value={values[field.name]}
                  values={values}
                  invalid={Boolean(errors[field.name])}
                  autoFocus={field.name === first}
                  onChange={change}
                />
              </Labelled>
            </div>
          ))}
      </div>
      <div className={styles.foot}>
        <Button
          type="text"
          onClick={() => {
            onClose();
            create({ object: object.name, prefill: values, onCreated: () => void spoilRecords(client) });
          }}
        >
          {t("record.quick.more")}
        </Button>
        <span className={styles.gap} />
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}

/** Long texts first: that is what one came to write; then the title, then the rest. */
function fieldsOf(object: ObjectDefinition): Field[] {
  const names = [object.title, ...(object.quick?.fields ?? [])];
  const found = names.map((name) => fieldOf(object, name)).filter((field) => field != null && isWritable(field)) as Field[];
  return [...found.filter((field) => field.stored_type === "long_text"), ...found.filter((field) => field.stored_type !== "long_text")];
}

function isWide(object: ObjectDefinition, field: Field): boolean {
  return field.stored_type === "long_text" || field.name === object.title;
}
