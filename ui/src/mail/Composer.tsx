import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Input, Select, Switch, Upload } from "antd";
import { Paperclip, Send, Trash2, X } from "lucide-react";
import { useCallback, useEffect, useId, useRef, useState } from "react";

import { records, uploadFile } from "@/api/records";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Failure, messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { Panel } from "@/design/Panel";
import { formatBytes } from "@/format/number";

import { accountsQuery } from "./accounts";
import { type Compose, useMail } from "./context";
import styles from "./composer.module.css";
import { lettersQuery, type Mail, mails, spoilMails } from "./mails";

const SAVE_MS = 1_200;

interface Props {
  what: Parameters<Compose>[0];
  onClose: () => void;
}

/** Writes one mail: its draft is made at once and kept while one types. */
export function Composer({ what, onClose }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Mail | null>(null);
  const [error, setError] = useState<unknown>(null);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    ("draft" in what ? mails.get(what.draft) : mails.begin(what)).then(setDraft, setError);
  }, [what]);
  if (draft) return <Letter draft={draft} what={what} onClose={onClose} />;
  return (
    <Panel open title={t("mail.write")} onClose={onClose} width={680}>
      {error ? <Failure error={error} /> : <BoneLines lines={8} />}
    </Panel>
  );
}

interface Words {
  to: string;
  cc: string;
  subject: string;
  body: string;
  kind: string | null;
  tracked: boolean;
}

function Letter({ draft, what, onClose }: Props & { draft: Mail }) {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const mail = useMail();
  const id = useId();
  const known = useQuery(accountsQuery);
  const usable = known.data?.items.filter((one) => one.smtp_host) ?? [];
  const [account, setAccount] = useState<string>();
  const [withCc, setWithCc] = useState(Boolean(draft.cc));
  const [busy, setBusy] = useState(false);
  const [files, setFiles] = useState(draft.files ?? []);
  const [words, setWords] = useState<Words>({
    to: draft.to ?? "",
    cc: draft.cc ?? "",
    subject: draft.subject ?? "",
    body: draft.body ?? "",
    kind: draft.kind,
    tracked: draft.tracked,
  });
  const keeping = useKeeping(draft, words);
  const change = (news: Partial<Words>) => setWords((now) => ({ ...now, ...news }));
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    try {
      await work();
      return true;
    } catch (failure) {
      void message.error(messageOf(failure));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const untouched = useRef({ words, files });
  const leave = async () => {
    const empty = !("draft" in what) && untouched.current.words === words && untouched.current.files === files;
    if (empty && mail) await records.archive(mail.object, draft.id).catch(() => undefined);
    else await keeping.keep().catch(() => undefined);
    await spoilMails(client);
    onClose();
  };
  const send = () =>
    attempt(async () => {
      await mails.send(draft.id, await keeping.keep(), account ?? usable[0]?.id);
      void message.success(t("mail.queued"));
      await spoilMails(client);
      onClose();
    });
  const discard = () =>
    attempt(async () => {
      if (mail) await records.archive(mail.object, draft.id);
      await spoilMails(client);
      onClose();
    });
  const attach = (file: File) =>
    attempt(async () => {
      if (!mail) return;
      const made = await uploadFile(mail.object, draft.id, "attachment", file);
      const now = [...files, { id: made.id, name: made.name, size: made.size, mime: made.mime }];
      await keeping.keep({ [mail.fields.files ?? "files"]: now.map((one) => one.id) });
      setFiles(now);
    });
  const detach = (file: string) =>
    attempt(async () => {
      const now = files.filter((one) => one.id !== file);
      await keeping.keep({ [mail?.fields.files ?? "files"]: now.map((one) => one.id) });
      setFiles(now);
    });
  const origin = draft.related.find((one) => "record" in what && one.id === what.record) ?? draft.related[0];
  return (
    <Panel
      open
      title={t(draft.thread ? "mail.reply" : "mail.write")}
      onClose={() => void leave()}
      width={680}
      focus={`${id}-${draft.to ? "body" : "to"}`}
      footer={
        <div className={styles.foot}>
          <Button
            type="primary"
            icon={<Send size={15} aria-hidden />}
            loading={busy}
            disabled={usable.length === 0}
            onClick={() => void send()}
          >
            {t("mail.send")}
          </Button>
          <Upload showUploadList={false} multiple beforeUpload={(file) => (void attach(file), false)}>
            <Button icon={<Paperclip size={15} aria-hidden />}>{t("mail.attach")}</Button>
          </Upload>
          <span className={styles.kept} role="status">
            {t(keeping.dirty ? "mail.keeping" : "mail.kept")}
          </span>
          <IconButton label={t("mail.discard")} icon={<Trash2 size={16} />} danger onClick={() => void discard()} />
        </div>
      }
    >
      <div className={styles.letter}>
        {known.data && usable.length === 0 ? (
          <p className={styles.notice} role="alert">
            {t("mail.noAccount")} <Link to="/settings/mail">{t("mail.addAccount")}</Link>
          </p>
        ) : null}
        <div className={styles.line}>
          <label htmlFor={`${id}-from`}>{t("mail.from")}</label>
          <Select
            id={`${id}-from`}
            variant="borderless"
            aria-label={t("mail.from")}
            value={account ?? usable[0]?.id}
            options={usable.map((one) => ({ value: one.id, label: one.name ? `${one.name} <${one.address}>` : one.address }))}
            onChange={setAccount}
          />
        </div>
        <div className={styles.line}>
          <label htmlFor={`${id}-to`}>{t("mail.to")}</label>
          <Input id={`${id}-to`} variant="borderless" value={words.to} placeholder={t("mail.addressHint")} onChange={(event) => change({ to: event.target.value })} />
          {withCc ? null : (
            <Button type="text" size="small" onClick={() => setWithCc(true)}>
              {t("mail.cc")}
            </Button>
          )}
        </div>
        {withCc ? (
          <div className={styles.line}>
            <label htmlFor={`${id}-cc`}>{t("mail.cc")}</label>
            <Input id={`${id}-cc`} variant="borderless" value={words.cc} onChange={(event) => change({ cc: event.target.value })} />
          </div>
        ) : null}
        <div className={styles.line}>
          <label htmlFor={`${id}-subject`}>{t("mail.subject")}</label>
          <Input id={`${id}-subject`} variant="borderless" value={words.subject} maxLength={300} onChange={(event) => change({ subject: event.target.value })} />
        </div>
        <div className={styles.tools}>
          {origin && !draft.thread ? <Letters object={origin.object} record={origin.id} onPick={change} /> : null}
          <Kind value={words.kind} onChange={(kind) => change({ kind })} />
          {known.data?.tracking ? (
            <label className={styles.track}>
              <Switch size="small" checked={words.tracked} onChange={(tracked) => change({ tracked })} />
              <span>{t("mail.track")}</span>
            </label>
          ) : null}
        </div>
        <Input.TextArea
          id={`${id}-body`}
          aria-label={t("mail.body")}
          variant="borderless"
          className={styles.body}
          autoSize={{ minRows: 12 }}
          value={words.body}
          placeholder={t("mail.bodyHint")}
          onChange={(event) => change({ body: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && usable.length > 0) void send();
          }}
        />
        <ul className={styles.files}>
          {files.map((file) => (
            <li key={file.id}>
              <Paperclip size={13} aria-hidden />
              <span className="cut">{file.name}</span>
              <span className={styles.size}>{formatBytes(file.size, i18n.language)}</span>
              <IconButton size="small" label={t("mail.detach", { name: file.name })} icon={<X size={13} />} onClick={() => void detach(file.id)} />
            </li>
          ))}
        </ul>
        {draft.related.length > 0 ? (
          <p className={styles.related}>
            {t("mail.filedUnder", { names: draft.related.map((one) => one.label ?? "").join(t("mail.comma")) })}
          </p>
        ) : null}
      </div>
    </Panel>
  );
}

/** Keeps the draft a moment after the last change, and at once when asked; answers with its version. */
function useKeeping(draft: Mail, words: Words) {
  const mail = useMail();
  const version = useRef(draft.version);
  const kept = useRef(words);
  const latest = useRef(words);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const [saved, setSaved] = useState(words);
  const object = mail?.object;
  const fields = mail?.fields;
  const keep = useCallback(
    (more: Record<string, unknown> = {}): Promise<number> => {
      const work = queue.current.then(async () => {
        if (!object || !fields) return version.current;
        const now = latest.current;
        const changed = (Object.keys(now) as (keyof Words)[]).filter((role) => now[role] !== kept.current[role]);
        const values = Object.fromEntries(changed.map((role) => [fields[role] ?? role, now[role]]));
        if (changed.length > 0 || Object.keys(more).length > 0) {
          const row = await records.update(object, draft.id, version.current, { ...values, ...more });
          version.current = row.version;
          kept.current = now;
        }
        setSaved(now);
        return version.current;
      });
      queue.current = work.catch(() => undefined);
      return work;
    },
    [draft.id, fields, object],
  );
  useEffect(() => {
    latest.current = words;
    if (words === kept.current) return undefined;
    const timer = setTimeout(() => void keep().catch(() => undefined), SAVE_MS);
    return () => clearTimeout(timer);
  }, [keep, words]);
  return { keep, dirty: saved !== words };
}

function Letters({ object, record, onPick }: { object: string; record: string; onPick: (news: Partial<Words>) => void }) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const { data } = useQuery(lettersQuery(object));
  const pick = async (name: string) => {
    try {
      const { subject, body, kind } = await mails.letter(name, object, record, i18n.language);
      onPick({ subject, body, ...(kind ? { kind } : {}) });
    } catch (failure) {
      void message.error(messageOf(failure));
    }
  };
  if (!data?.items.length) return null;
  return (
    <Select<string>
      size="small"
      variant="filled"
      aria-label={t("mail.letter")}
      placeholder={t("mail.letter")}
      popupMatchSelectWidth={false}
      value={null}
      options={data.items.map((one) => ({ value: one.name, label: say(one.label) }))}
      onChange={(name) => void pick(name)}
    />
  );
}

function Kind({ value, onChange }: { value: string | null; onChange: (kind: string) => void }) {
  const say = useLabel();
  const mail = useMail();
  const field = mail ? fieldOf(mail.definition, mail.fields.kind ?? "") : undefined;
  if (!field) return null;
  return (
    <Select<string>
      size="small"
      variant="filled"
      aria-label={say(field.label)}
      popupMatchSelectWidth={false}
      value={value ?? undefined}
      placeholder={say(field.label)}
      options={(field.options ?? []).map((one) => ({ value: one.value, label: say(one.label) }))}
      onChange={onChange}
    />
  );
}
