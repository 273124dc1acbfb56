import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Input, Radio, Segmented } from "antd";
import type { Dayjs } from "dayjs";
import { Copy, KeyRound } from "lucide-react";
import { useId, useState } from "react";

import { useCopy } from "@/app/copy";
import { useTranslation } from "@/app/translation";
import { DatePicker } from "@/design/DatePicker";
import { messageOf } from "@/design/Failure";
import { Panel } from "@/design/Panel";

import { instantOf, today } from "@/format/today";
import styles from "./settings.module.css";
import { tokens, tokensQuery } from "./tokens";

const LIVES = ["30", "90", "365", "never", "day"] as const;
type Life = (typeof LIVES)[number];
const MAX_NAME = 100;

/** Makes a token: its name, what it may do, how long it lives. Its text is shown this once. */
export function NewToken({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [made, setMade] = useState<string | null>(null);
  return (
    <Panel
      open={open}
      title={t(made ? "tokens.made" : "tokens.new")}
      onClose={onClose}
      onClosed={() => setMade(null)}
      width={520}
      focus="token-name"
    >
      {made ? <Made token={made} onClose={onClose} /> : <Making onMade={setMade} />}
    </Panel>
  );
}

function Making({ onMade }: { onMade: (token: string) => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const form = useId();
  const [name, setName] = useState("");
  const [writes, setWrites] = useState(false);
  const [life, setLife] = useState<Life>("90");
  const [day, setDay] = useState<Dayjs | null>(null);
  const [missing, setMissing] = useState<"name" | "day" | null>(null);
  const [busy, setBusy] = useState(false);
  const make = async () => {
    if (!name.trim()) return setMissing("name");
    if (life === "day" && !day) return setMissing("day");
    const end = life === "never" ? null : life === "day" ? day : today().add(Number(life), "day");
    setBusy(true);
    try {
      const { token } = await tokens.make(
        name.trim(),
        writes ? ["read", "write"] : ["read"],
        end ? instantOf(end.endOf("day")).toISOString() : null,
      );
      await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
      onMade(token);
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      id={form}
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <div className={styles.field}>
        <label htmlFor="token-name">{t("tokens.name")}</label>
        <Input
          id="token-name"
          value={name}
          maxLength={MAX_NAME}
          placeholder={t("tokens.nameHint")}
          status={missing === "name" ? "error" : undefined}
          onChange={(event) => {
            setName(event.target.value);
            setMissing(null);
          }}
        />
        {missing === "name" ? <small className={styles.wrong}>{t("form.required")}</small> : null}
      </div>
      <div className={styles.field} role="group" aria-labelledby="token-scope">
        <span id="token-scope">{t("tokens.scope")}</span>
        <Radio.Group
          className={styles.choices}
          value={writes}
          onChange={(event) => setWrites(Boolean(event.target.value))}
        >
          <Radio value={false}>
            {t("tokens.read")}
            <small>{t("tokens.readHint")}</small>
          </Radio>
          <Radio value={true}>
            {t("tokens.write")}
            <small>{t("tokens.writeHint")}</small>
          </Radio>
        </Radio.Group>
      </div>
      <div className={styles.field}>
        <span>{t("tokens.life")}</span>
        <Segmented<Life>
          aria-label={t("tokens.life")}
          value={life}
          options={LIVES.map((value) => ({ value, label: t(`tokens.lives.${value}`) }))}
          onChange={setLife}
        />
        {life === "day" ? (
          <DatePicker
            aria-label={t("tokens.lives.day")}
            value={day}
            minDate={today().add(1, "day")}
            status={missing === "day" ? "error" : undefined}
            onChange={(next) => {
              setDay(next);
              setMissing(null);
            }}
          />
        ) : null}
        {life === "never" ? <small className={styles.warn}>{t("tokens.neverHint")}</small> : null}
      </div>
      <Button type="primary" htmlType="submit" icon={<KeyRound size={15} />} loading={busy}>
        {t("tokens.make")}
      </Button>
    </form>
  );
}

function Made({ token, onClose }: { token: string; onClose: () => void }) {
  const { t } = useTranslation();
  const copy = useCopy();
  const example = `curl -H "Authorization: Bearer ${token}" \\\n  ${window.location.origin}/api/me`;
  return (
    <div className={styles.form}>
      <Alert type="warning" showIcon title={t("tokens.once")} />
      <div className={styles.secret}>
        <code data-testid="token">{token}</code>
        <Button type="primary" icon={<Copy size={15} />} onClick={() => void copy(token, t("tokens.copied"))}>
          {t("tokens.copy")}
        </Button>
      </div>
      <div className={styles.field}>
        <span>{t("tokens.example")}</span>
        <pre className={styles.code} tabIndex={0}>
          {example}
        </pre>
      </div>
      <p className={styles.hint}>
        {t("tokens.docs")} <a href="/api/openapi.json">{"/api/openapi.json"}</a>
      </p>
      <Button onClick={onClose}>{t("tokens.kept")}</Button>
    </div>
  );
}
