import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Input, Select, Switch, Upload } from "antd";
import { Paperclip, Send, Trash2, X } from "lucide-react";
import { useEffect, useId, useRef, useState, useSyncExternalStore } from "react";

import { uploadFile } from "@/api/records";
import type { MailDefinition } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { fieldOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Failure, messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { Panel } from "@/design/Panel";
import { formatBytes } from "@/format/number";
import { spoilRecords } from "@/records/cache";
import { placeOf } from "@/records/keeping";

import { accountsQuery } from "./accounts";
import { type Compose, useMail } from "./context";
import styles from "./composer.module.css";
import { Draft, type Words, wordsOf } from "./draft";
import { lettersQuery, type Mail, mails } from "./mails";

interface Props {
  what: Parameters<Compose>[0];
  onClose: () => void;
}

/** Writes one mail: its draft is made at once and kept while one types. */
export function Composer({ what, onClose }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const mail = useMail();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [error, setError] = useState<unknown>(null);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || !mail) return;
    begun.current = true;
    const open = (found: Mail) => setDraft(new Draft(found, mail, placeOf(user.id, mail.object, `${found.id}/letter`)));
    ("draft" in what ? mails.get(what.draft) : mails.begin(what)).then(open, setError);
  }, [mail, user.id, what]);
  if (mail && draft) return <Letter mail={mail} draft={draft} what={what} onClose={onClose} />;
  return (
    <Panel open title={t("mail.write")} onClose={onClose} width={680}>
      {error ? <Failure error={error} /> : <BoneLines lines={8} />}
    </Panel>
  );
}

function Letter({ mail, draft, what, onClose }: Props & { mail: MailDefinition; draft: Draft }) {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const id = useId();
  const known = useQuery(accountsQuery);
  const usable = known.data?.items.filter((one) => one.smtp_host) ?? [];
  const [account, setAccount] = useState<string>();
  const { words, isKept, failure } = useSyncExternalStore(draft.watch, draft.now);
  const [untouched] = useState("draft" in what ? null : words);
  const [withCc, setWithCc] = useState(Boolean(words.cc));
  const [recovered, setRecovered] = useState(draft.recovered);
  const [running, setRunning] = useState(0);
  useEffect(() => draft.attend(), [draft]);
  const attempt = async (work: () => Promise<unknown>, name = ""): Promise<boolean> => {
    setRunning((now) => now + 1);
    try {
      await work();
      return true;
    } catch (error) {
      void message.error(name + messageOf(error));
      return false;
    } finally {
      setRunning((now) => now - 1);
    }
  };
  const close = () => {
    onClose();
    void spoilRecords(client);
  };
  const leave = useClosing(draft, close);
  const send = async () => {
    if (running > 0 || !(await attempt(() => draft.send(account ?? usable[0]?.id)))) return;
    void message.success(t("mail.queued"));
    close();
  };
  const discard = async () => {
    if (await attempt(() => draft.discard())) close();
  };
  /** Closes although the empty draft may stay behind. */
  const drop = () => draft.discard().catch(() => undefined).then(close);
  const enclose = async (file: File) => {
    const { id, name, size, mime } = await uploadFile(mail.object, draft.mail.id, "attachment", file);
    draft.change((now) => ({ files: [...now.files, { id, name, size, mime }] }));
    await draft.keep();
  };
  const attach = (chosen: readonly File[]) =>
    attempt(async () => {
      for (const file of chosen) await attempt(() => enclose(file), `${file.name}${t("mail.colon")}`);
    });
  const detach = (file: string) =>
    attempt(() => {
      draft.change((now) => ({ files: now.files.filter((one) => one.id !== file) }));
      return draft.keep();
    });
  const change = (news: Partial<Words>) => draft.change(news);
  const takeKept = () => {
    change(wordsOf(draft.mail));
    setRecovered(false);
  };
  const { related, thread } = draft.mail;
  const origin = related.find((one) => "record" in what && one.id === what.record) ?? related[0];
  return (
    <Panel
      open
      title={t(thread ? "mail.reply" : "mail.write")}
      onClose={() => void (words === untouched && running === 0 ? drop() : leave())}
      width={680}
      focus={`${id}-${words.to ? "body" : "to"}`}
      footer={
        <div className={styles.foot}>
          <Button
            type="primary"
            icon={<Send size={15} aria-hidden />}
            loading={running > 0}
            disabled={usable.length === 0}
            onClick={() => void send()}
          >
            {t("mail.send")}
          </Button>
          <Upload
            showUploadList={false}
            multiple
            beforeUpload={(file, chosen) => {
              if (file === chosen[0]) void attach(chosen);
              return false;
            }}
          >
            <Button icon={<Paperclip size={15} aria-hidden />}>{t("mail.attach")}</Button>
          </Upload>
          <span className={styles.kept} role="status">
            {isKept ? t("mail.kept") : failure ? t("mail.unkept", { why: messageOf(failure) }) : t("mail.keeping")}
          </span>
          <IconButton label={t("mail.discard")} icon={<Trash2 size={16} />} danger onClick={() => void discard()} />
        </div>
      }
    >
      <div className={styles.letter}>
        {recovered ? <Recovered onDrop={takeKept} /> : null}
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
          {origin && !thread ? <Letters object={origin.object} record={origin.id} onPick={change} /> : null}
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
          {words.files.map((file) => (
            <li key={file.id}>
              <Paperclip size={13} aria-hidden />
              <span className="cut">{file.name}</span>
              <span className={styles.size}>{formatBytes(file.size, i18n.language)}</span>
              <IconButton size="small" label={t("mail.detach", { name: file.name })} icon={<X size={13} />} onClick={() => void detach(file.id)} />
            </li>
          ))}
        </ul>
        {related.length > 0 ? (
          <p className={styles.related}>
            {t("mail.filedUnder", { names: related.map((one) => one.label ?? "").join(t("mail.comma")) })}
          </p>
        ) : null}
      </div>
    </Panel>
  );
}

/** Closes the composer once the draft is kept; where it can't be, says so and asks whether to leave anyway. */
function useClosing(draft: Draft, close: () => void): () => Promise<void> {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const asking = useRef(false);
  return async () => {
    if (asking.current) return;
    asking.current = true;
    try {
      await draft.keep();
      close();
    } catch (error) {
      const leaves = await modal.confirm({
        title: t("mail.unkeptTitle"),
        content: t("mail.unkeptText", { why: messageOf(error) }),
        okText: t("mail.leaveAnyway"),
        cancelText: t("mail.stay"),
      });
      if (leaves) close();
    } finally {
      asking.current = false;
    }
  };
}

/** What was written before, and not kept, is back: it may be left for what the server has. */
function Recovered({ onDrop }: { onDrop: () => void }) {
  const { t } = useTranslation();
  return (
    <p className={styles.notice} role="status">
      {t("form.recovered")}
      <Button size="small" type="link" onClick={onDrop}>
        {t("mail.takeKept")}
      </Button>
    </p>
  );
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
