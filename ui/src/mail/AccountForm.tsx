import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input, InputNumber, Segmented, Select, Switch } from "antd";
import { useState } from "react";

import { ApiError } from "@/api/client";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { Panel } from "@/design/Panel";

import { type Account, type AccountInput, accounts, accountsQuery, PROVIDERS, type Security } from "./accounts";
import styles from "./accounts.module.css";

const FRESH: Partial<AccountInput> = {
  auth: "password",
  smtp_port: 465,
  smtp_security: "tls",
  imap_port: 993,
  imap_security: "tls",
  plus_addresses: false,
  offers_strangers: true,
  takes_sent: true,
};

/** Sets an account up: pick a provider and the servers fill in; secrets that are left empty stay as they are. */
export function AccountForm({ account, onClose }: { account: Account | null; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<AccountInput>();
  const [busy, setBusy] = useState(false);
  const auth = Form.useWatch("auth", form) ?? account?.auth ?? "password";
  const pick = (name: string) => {
    const provider = PROVIDERS[name];
    if (!provider) return;
    const [smtp_host, smtp_port, smtp_security] = provider.smtp;
    const [imap_host, imap_port, imap_security] = provider.imap;
    form.setFieldsValue({
      smtp_host, smtp_port, smtp_security, imap_host, imap_port, imap_security,
      auth: provider.token_url ? "oauth2" : "password",
      token_url: provider.token_url ?? "",
    }); // prettier-ignore
  };
  const save = async (input: AccountInput) => {
    setBusy(true);
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== null));
    try {
      await (account ? accounts.change(account.id, given) : accounts.add(given));
      await client.invalidateQueries({ queryKey: accountsQuery.queryKey });
      void message.success(t("mail.saved"));
      onClose();
    } catch (failure) {
      const named = failure instanceof ApiError ? failure.byField() : {};
      form.setFields(Object.entries(named).map(([name, text]) => ({ name: name as keyof AccountInput, errors: [text] })));
      void message.error(messageOf(failure));
    } finally {
      setBusy(false);
    }
  };
  const secret = account?.has_secret ? t("mail.secretKept") : undefined;
  return (
    <Panel
      open
      title={t(account ? "mail.changeAccount" : "mail.addAccount")}
      onClose={onClose}
      footer={
        <Button type="primary" loading={busy} onClick={() => form.submit()}>
          {t("mail.save")}
        </Button>
      }
    >
      <Form<AccountInput>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={account ?? FRESH}
        onFinish={(input) => void save(input)}
      >
        <Form.Item label={t("mail.provider")}>
          <Select<string>
            aria-label={t("mail.provider")}
            placeholder={t("mail.providerHint")}
            options={Object.keys(PROVIDERS).map((value) => ({ value, label: t(`mail.providerOf.${value}`) }))}
            onChange={pick}
          />
        </Form.Item>
        <div className={styles.pair}>
          <Form.Item name="address" label={t("mail.address")} rules={[{ required: true, message: t("mail.addressNeeded") }]}>
            <Input autoComplete="off" inputMode="email" />
          </Form.Item>
          <Form.Item name="name" label={t("mail.senderName")}>
            <Input autoComplete="off" />
          </Form.Item>
        </div>
        <Form.Item name="auth" label={t("mail.auth")}>
          <Segmented
            options={[
              { value: "password", label: t("mail.byPassword") },
              { value: "oauth2", label: "OAuth 2.0" },
            ]}
          />
        </Form.Item>
        <Form.Item name="username" label={t("mail.username")} extra={t("mail.usernameHint")}>
          <Input autoComplete="off" />
        </Form.Item>
        {auth === "password" ? (
          <Form.Item name="password" label={t("mail.password")} extra={t("mail.passwordHint")}>
            <Input.Password autoComplete="new-password" placeholder={secret} />
          </Form.Item>
        ) : (
          <>
            <Form.Item name="token_url" label={t("mail.tokenUrl")}>
              <Input autoComplete="off" />
            </Form.Item>
            <Form.Item name="client_id" label={t("mail.clientId")}>
              <Input autoComplete="off" />
            </Form.Item>
            <Form.Item name="client_secret" label={t("mail.clientSecret")}>
              <Input.Password autoComplete="new-password" placeholder={secret} />
            </Form.Item>
            <Form.Item name="refresh_token" label={t("mail.refreshToken")}>
              <Input.Password autoComplete="new-password" placeholder={secret} />
            </Form.Item>
          </>
        )}
        <ServerFields name="smtp" label={t("mail.outgoing")} />
        <ServerFields name="imap" label={t("mail.incoming")} hint={t("mail.incomingHint")} />
        <Form.Item name="signature" label={t("mail.signature")}>
          <Input.TextArea autoSize={{ minRows: 3 }} maxLength={2_000} />
        </Form.Item>
        <Form.Item name="takes_sent" valuePropName="checked" label={t("mail.takesSent")} extra={t("mail.takesSentHint")}>
          <Switch />
        </Form.Item>
        <Form.Item name="offers_strangers" valuePropName="checked" label={t("mail.offersStrangers")} extra={t("mail.strangersHint")}>
          <Switch />
        </Form.Item>
        <Form.Item name="plus_addresses" valuePropName="checked" label={t("mail.plus")} extra={t("mail.plusHint")}>
          <Switch />
        </Form.Item>
      </Form>
    </Panel>
  );
}

function ServerFields({ name, label, hint }: { name: "smtp" | "imap"; label: string; hint?: string }) {
  const { t } = useTranslation();
  const kinds: Security[] = ["tls", "starttls", "none"];
  return (
    <fieldset className={styles.server}>
      <legend>{label}</legend>
      <Form.Item name={`${name}_host`} label={t("mail.host")} extra={hint}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name={`${name}_port`} label={t("mail.port")}>
        <InputNumber min={1} max={65535} controls={false} />
      </Form.Item>
      <Form.Item name={`${name}_security`} label={t("mail.security")}>
        <Select options={kinds.map((kind) => ({ value: kind, label: t(`mail.securityOf.${kind}`) }))} />
      </Form.Item>
    </fieldset>
  );
}
