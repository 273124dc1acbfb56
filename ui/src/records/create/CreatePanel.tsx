import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Checkbox } from "antd";
import { useId, useState } from "react";

import { ApiError } from "@/api/client";
import type { Due } from "@/api/signing";
import type { Field, ObjectDefinition, Reason, Values } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { isWritable, useCatalog, useObject } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { Panel } from "@/design/Panel";
import { isEmptyValue } from "@/fields/kinds";
import { refsOf } from "@/fields/reference/refs";
import { type Entry, revised, wanted } from "@/outbox/entry";
import { newKey } from "@/outbox/key";
import { revise } from "@/outbox/revising";
import { remove, replace } from "@/outbox/store";
import { createOrKeep } from "@/outbox/write";

import { spoilRecords } from "../cache";
import styles from "../form/form.module.css";
import { FormFields } from "../form/FormFields";
import { sectionsOf } from "../form/sections";
import { Refusal } from "../form/Refusal";
import { forget, keep, kept, placeOf } from "../keeping";
import type { CreateRequest } from "./context";
import { defaultsOf } from "./defaults";
import { MayExist } from "./MayExist";

const OWNER = "owner";

interface Props {
  request: CreateRequest;
  onClosed: () => void;
}

export function CreatePanel({ request, onClosed }: Props) {
  const object = useObject(request.object);
  return object ? <Creating object={object} request={request} onClosed={onClosed} /> : null;
}

function Creating({ object, request, onClosed }: Props & { object: ObjectDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { user } = useSession();
  const fields = useFormFields(object);
  const { draft } = request;
  const place = draft ? null : placeOf(user.id, object.name, `new/${refsIn(request.prefill)}`);
  const mine = fields.some((field) => field.name === OWNER) ? { [OWNER]: { id: user.id, label: user.name } } : {};
  const start = () => (draft && wanted(draft)) ?? { ...defaultsOf(fields, user), ...mine, ...request.prefill };
  const given = () => (refsOf(values[OWNER])[0]?.id === user.id ? without(values, [OWNER]) : values);
  const form = useId();
  const [open, setOpen] = useState(true);
  const [typed, setTyped] = useState<Values>(() => (place ? kept(place)?.changes : null) ?? {});
  const [recovered, setRecovered] = useState(Object.keys(typed).length > 0);
  const [values, setValues] = useState<Values>(() => ({ ...start(), ...typed }));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [reasons, setReasons] = useState<Reason[]>(draft?.problem?.errors ?? []);
  const [due, setDue] = useState<Due | null>(null);
  const [busy, setBusy] = useState(false);
  const [another, setAnother] = useState(false);
  const [attempt, setAttempt] = useState(newKey);

  const sections = sectionsOf(object, fields, say, t("form.other"));
  const change = (changes: Values) => {
    const now = { ...typed, ...changes };
    setTyped(now);
    setValues((before) => ({ ...before, ...changes }));
    setErrors((before) => without(before, Object.keys(changes)));
    if (place) keep(place, { version: 0, base: {}, changes: now });
  };
  const startAnew = () => {
    if (place) forget(place);
    setTyped({});
    setRecovered(false);
    setValues(start());
  };
  const titled = (now: Values) => String(now[object.title] ?? "");

  const save = async () => {
    const missing = fields.filter((field) => field.required && !field.default && isEmptyValue(values[field.name]));
    setReasons([]);
    setErrors(Object.fromEntries(missing.map((field) => [field.name, t("form.required")])));
    if (missing[0]) {
      document.getElementById(`new-${missing[0].name}`)?.focus();
      return;
    }
    setBusy(true);
    try {
      if (draft && !draft.problem) {
        const next = (entry: Entry) => ({ ...revised(entry, given()), title: titled(values) });
        if ((await revise(draft, given(), next)) === "follows") void message.info(t("outbox.followed"));
        setOpen(false);
        return;
      }
      const row = await createOrKeep({ object: object.name, title: titled(values), values: given(), key: attempt });
      if (draft) await remove(draft.key);
      if (row) void spoilRecords(client);
      else void message.info({ key: "kept", content: t("outbox.kept") });
      setAttempt(newKey());
      if (place) forget(place);
      if (another) {
        if (row) void message.success(t("form.created", { thing: say(object.label) }));
        startAnew();
        return;
      }
      setOpen(false);
      if (!row) return;
      if (request.onCreated) request.onCreated(row);
      else await navigate({ to: "/records/$object/$id", params: { object: object.name, id: row.id } });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (draft) void replace(draft.key, (entry) => ({ ...entry, values, problem: error.problem }));
      const known = error.byField();
      setDue(error.problem.due ?? null);
      setErrors(known);
      const rest = error.reasons.filter((reason) => !fields.some((field) => field.name === reason.path));
      setReasons(rest);
      if (error.reasons.length === 0) void message.error(messageOf(error) || t("error.offline"));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Panel
      open={open}
      title={t("action.createThing", { thing: say(object.label) })}
      onClose={() => setOpen(false)}
      onClosed={onClosed}
      focus={`new-${sections[0]?.fields[0]?.name ?? ""}`}
      footer={
        <div style={{ display: "flex", alignItems: "center", gap: 8 }}>
          {draft ? null : (
            <Checkbox checked={another} onChange={(event) => setAnother(event.target.checked)}>
              {t("form.another")}
            </Checkbox>
          )}
          <span style={{ flex: 1 }} />
          <Button onClick={() => setOpen(false)}>{t("action.cancel")}</Button>
          <Button type="primary" htmlType="submit" form={form} loading={busy}>
            {draft ? t("outbox.saveAndSend") : t("action.create")}
          </Button>
        </div>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void save();
        }}
      >
        {recovered ? (
          <p className={styles.recovered} role="status">
            {t("form.recoveredNew")}
            <Button size="small" type="link" onClick={startAnew}>
              {t("form.startAnew")}
            </Button>
          </p>
        ) : null}
        <Refusal reasons={reasons} due={due} />
        <MayExist object={object} values={values} />
        <FormFields
          prefix="new"
          object={object}
          sections={sections}
          values={values}
          errors={errors}
          onChange={change}
        />
      </form>
    </Panel>
  );
}

/**
 * What a new record asks for: what a person may write, and whose it is where it may be another's; the stage is set by
 * moving, files come later.
 */
function useFormFields(object: ObjectDefinition): Field[] {
  const catalog = useCatalog();
  const staged = object.pipeline ? catalog.pipelines[object.pipeline]?.field : undefined;
  const late = ["file", "files", "signature", "photo"];
  return object.fields.filter(
    (field) =>
      isWritable(field) &&
      (!field.system || (field.name === OWNER && object.can.assign)) &&
      field.name !== staged &&
      !late.includes(field.stored_type),
  );
}

function without<T>(named: Record<string, T>, names: string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(named).filter(([name]) => !names.includes(name)));
}

/** The records that a form starts with, to keep what is typed for each apart. */
function refsIn(prefill: Values = {}): string {
  return Object.values(prefill)
    .flatMap(refsOf)
    .map((ref) => ref.id)
    .join("+");
}
