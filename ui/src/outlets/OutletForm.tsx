import { Alert, App, Button, Input, Segmented, Select, Switch } from "antd";
import { Copy } from "lucide-react";
import { type ReactNode, useId, useState } from "react";

import { ApiError } from "@/api/client";
import type { Ref } from "@/api/types";
import { useCopy } from "@/app/copy";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { Panel } from "@/design/Panel";

import { PickMany } from "./PickMany";
import { RemoveOutlet } from "./RemoveOutlet";
import { type Outlet, type Outlets, type OutletSetting, useChangeOutlet, useMakeOutlet } from "./outlets";
import styles from "./outlets.module.css";

const MAX_NAME = 60;
type Draft = Omit<OutletSetting, "teams" | "people"> & { teams: Ref[]; people: Ref[] };

const FRESH: Draft = {
  name: "",
  kind: "wecom",
  address: "",
  secret: "",
  locale: "zh-CN",
  active: true,
  kinds: [],
  urgent_only: false,
  teams: [],
  roles: [],
  people: [],
};

interface Props {
  /** The outlet to change; null: a new one. */
  outlet: Outlet | null;
  open: boolean;
  known: Outlets;
  onClose: () => void;
}

/** Sets up an outlet. A secret that was made up for a webhook is shown this once. */
export function OutletForm({ outlet, open, known, onClose }: Props) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Panel
      open={open}
      title={t(secret ? "outlets.made" : outlet ? "outlets.edit" : "outlets.new")}
      onClose={onClose}
      onClosed={() => setSecret(null)}
      width={560}
      focus="outlet-name"
    >
      {secret ? (
        <Secret secret={secret} onClose={onClose} />
      ) : (
        <Fields
          key={outlet?.id ?? "new"}
          outlet={outlet}
          known={known}
          onDone={(made) => (made ? setSecret(made) : onClose())}
        />
      )}
    </Panel>
  );
}

function Fields({ outlet, known, onDone }: Omit<Props, "open" | "onClose"> & { onDone: (secret?: string) => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const say = useLabel();
  const id = useId();
  const [draft, setDraft] = useState<Draft>(() => (outlet ? { ...outlet, address: "", secret: "" } : FRESH));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const make = useMakeOutlet();
  const change = useChangeOutlet(outlet?.id ?? "");
  const kind = known.kinds.find((one) => one.name === draft.kind);
  const set = (next: Partial<Draft>) => {
    setDraft({ ...draft, ...next });
    setErrors({});
  };
  const save = async () => {
    const { name, kind: vendor, address, secret, locale, active, kinds, urgent_only, roles } = draft;
    const ids = { teams: draft.teams.map((one) => one.id), people: draft.people.map((one) => one.id) };
    const setting = { name: name.trim(), kind: vendor, address, secret, locale, active, kinds, urgent_only, roles, ...ids };
    try {
      if (outlet) await change.mutateAsync({ ...setting, version: outlet.version });
      onDone(outlet ? undefined : (await make.mutateAsync(setting)).secret);
    } catch (error) {
      const found = error instanceof ApiError ? error.byField() : {};
      setErrors(found);
      if (Object.keys(found).length === 0) void message.error(messageOf(error));
    }
  };
  const field = (name: string, content: ReactNode, hint?: string) => (
    <Field id={`${id}-${name}`} label={t(`outlets.field.${name}`)} hint={hint} error={errors[name]}>
      {content}
    </Field>
  );
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {outlet ? null : (
        <Segmented
          block
          aria-label={t("outlets.field.kind")}
          value={draft.kind}
          onChange={(next) => set({ kind: next, secret: "" })}
          options={known.kinds.map((one) => ({ value: one.name, label: t(`outlets.vendor.${one.name}`) }))}
        />
      )}
      <Field id="outlet-name" label={t("outlets.field.name")} error={errors.name}>
        <Input
          id="outlet-name"
          value={draft.name}
          maxLength={MAX_NAME}
          placeholder={t("outlets.nameHint")}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      {field(
        "address",
        <Input
          id={`${id}-address`}
          value={draft.address}
          autoComplete="off"
          spellCheck={false}
          placeholder={outlet ? t("outlets.kept", { host: outlet.host }) : `${kind?.starts ?? "https://"}…`}
          onChange={(event) => set({ address: event.target.value })}
        />,
        t(`outlets.how.${draft.kind}`),
      )}
      {kind && kind.secret !== "none"
        ? field(
            "secret",
            <Input.Password
              id={`${id}-secret`}
              value={draft.secret}
              autoComplete="new-password"
              placeholder={t(outlet?.has_secret ? "outlets.secretKept" : `outlets.secret.${draft.kind}`)}
              onChange={(event) => set({ secret: event.target.value })}
            />,
          )
        : null}
      <div className={styles.block}>
        <h3>{t("outlets.what")}</h3>
        {field(
          "kinds",
          <Select<string[]>
            id={`${id}-kinds`}
            mode="multiple"
            value={draft.kinds}
            placeholder={t("outlets.everything")}
            showSearch={{ optionFilterProp: "label" }}
            options={known.notices.map((one) => ({ value: one.kind, label: say(one.label) }))}
            onChange={(kinds) => set({ kinds })}
          />,
        )}
        <label className={styles.choice}>
          <Switch size="small" checked={draft.urgent_only} onChange={(urgent_only) => set({ urgent_only })} />
          {t("outlets.field.urgent_only")}
        </label>
      </div>
      <div className={styles.block}>
        <h3>{t("outlets.whose")}</h3>
        <p className={styles.hint}>{t("outlets.whoseHint")}</p>
        {field(
          "teams",
          <PickMany
            id={`${id}-teams`}
            object="team"
            value={draft.teams}
            placeholder={t("outlets.any")}
            onChange={(teams) => set({ teams })}
          />,
        )}
        {field(
          "roles",
          <Select<string[]>
            id={`${id}-roles`}
            mode="multiple"
            value={draft.roles}
            placeholder={t("outlets.any")}
            showSearch={{ optionFilterProp: "label" }}
            options={known.roles.map((role) => ({ value: role.name, label: say(role.label) }))}
            onChange={(roles) => set({ roles })}
          />,
        )}
        {field(
          "people",
          <PickMany
            id={`${id}-people`}
            object="user"
            value={draft.people}
            placeholder={t("outlets.any")}
            onChange={(people) => set({ people })}
          />,
        )}
      </div>
      <div className={styles.field}>
        <span id={`${id}-locale`}>{t("outlets.field.locale")}</span>
        <Segmented
          aria-labelledby={`${id}-locale`}
          value={draft.locale}
          onChange={(locale) => set({ locale })}
          options={[
            { value: "zh-CN" as const, label: t("language.zh") },
            { value: "en" as const, label: t("language.en") },
          ]}
        />
      </div>
      <div className={styles.foot}>
        <Button type="primary" htmlType="submit" loading={make.isPending || change.isPending}>
          {t("action.save")}
        </Button>
        {outlet ? <RemoveOutlet outlet={outlet} onRemoved={() => onDone()} /> : null}
      </div>
    </form>
  );
}

interface FieldProps {
  id: string;
  label: string;
  hint?: string;
  error?: string;
  children: ReactNode;
}

function Field({ id, label, hint, error, children }: FieldProps) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {error ? (
        <small className={styles.bad} role="alert">
          {error}
        </small>
      ) : hint ? (
        <small className={styles.hint}>{hint}</small>
      ) : null}
    </div>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation();
  const copy = useCopy();
  return (
    <div className={styles.form}>
      <Alert type="warning" showIcon title={t("outlets.once")} />
      <code className={styles.secret}>{secret}</code>
      <div className={styles.foot}>
        <Button type="primary" icon={<Copy size={15} />} onClick={() => void copy(secret, t("tokens.copied"))}>
          {t("tokens.copy")}
        </Button>
        <Button onClick={onClose}>{t("tokens.kept")}</Button>
      </div>
    </div>
  );
}
