import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { PenLine, ScanLine, Smartphone } from "lucide-react";
import { useState } from "react";

import { keys, records, uploadFile } from "@/api/records";
import type { Signature, SignatureLink } from "@/api/signing";
import type { DeliverableState, ObjectDefinition, Row } from "@/api/types";
import { useCopy } from "@/app/copy";
import { useTranslation } from "@/app/translation";
import { Dropzone } from "@/design/Dropzone";
import { messageOf } from "@/design/Failure";
import { Time } from "@/design/Time";

import { spoilRecords } from "../cache";
import type { Demand } from "./deliverable";
import { FormLink } from "./FormLink";
import styles from "./sign.module.css";

interface Props {
  object: ObjectDefinition;
  row: Row;
  demand: Demand;
}

/** The two ways to a customer's signature: a scan of the signed form, or a link to sign on the phone. */
export function SignatureWay({ object, row, demand }: Props) {
  const { t } = useTranslation();
  const [link, setLink] = useState<SignatureLink | null>(null);
  const work = useWork();
  const { data } = useQuery({
    queryKey: keys.gate(object.name, row.id),
    queryFn: ({ signal }) => records.gate(object.name, row.id, signal),
  });
  const state = data?.stages.flatMap((stage) => stage.deliverables).find((one) => one.name === demand.name);
  const upload = (file: File | undefined) =>
    work.run(() => uploadFile(object.name, row.id, demand.fileKind ?? demand.name, file as File));
  const ask = () => work.run(async () => setLink(await records.askToSign(object.name, row.id, demand.name)));
  const withdraw = () =>
    work.run(async () => {
      await records.withdrawSigning(object.name, row.id, demand.name);
      setLink(null);
    });
  return (
    <div className={styles.way}>
      {state?.note === "differs" ? <p className={styles.warn}>{t("sign.differs")}</p> : null}
      {state?.signature?.state === "unsigned" ? (
        <Unsigned object={object} row={row} signature={state.signature} may={Boolean(data?.can_vouch)} />
      ) : null}
      <FormLink object={object} row={row} demand={demand} />
      <Dropzone
        compact
        accept="image/*,application/pdf"
        title={t(state?.signature?.state === "unsigned" ? "sign.uploadAgain" : "sign.upload")}
        busy={work.busy}
        onFiles={([file]) => void upload(file)}
      />
      {demand.template ? (
        link ? (
          <Invitation link={link} onWithdraw={() => void withdraw()} />
        ) : (
          <div className={styles.phone}>
            <Button size="small" icon={<Smartphone size={14} />} loading={work.busy} onClick={() => void ask()}>
              {t(state?.asked ? "sign.askAgain" : "sign.ask")}
            </Button>
            {state?.asked ? <Waiting asked={state.asked} onWithdraw={() => void withdraw()} /> : null}
          </div>
        )
      ) : null}
    </div>
  );
}

/** Something that is written; while it is under way `busy`, and what was read is read again afterwards. */
function useWork(): { busy: boolean; run: (work: () => Promise<unknown>) => Promise<void> } {
  const client = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
      await spoilRecords(client);
    } catch (error) {
      void message.error({ content: messageOf(error), duration: 8 });
    } finally {
      setBusy(false);
    }
  };
  return { busy, run };
}

/** The link, told once: to be scanned on the spot or sent on. */
function Invitation({ link, onWithdraw }: { link: SignatureLink; onWithdraw: () => void }) {
  const { t } = useTranslation();
  const copy = useCopy();
  return (
    <section className={styles.invitation} aria-label={t("sign.ask")}>
      <img
        className={styles.qr}
        alt={t("sign.qr")}
        src={`data:image/svg+xml;utf8,${encodeURIComponent(link.qr)}`}
        width={132}
        height={132}
      />
      <div className={styles.told}>
        <p className={styles.strong}>{t("sign.scanIt")}</p>
        <p>{t("sign.once")}</p>
        <p>
          {t("sign.until")} <Time value={link.until} />
        </p>
        <Input size="small" readOnly value={link.url} aria-label={t("sign.link")} onFocus={(e) => e.target.select()} />
        <div className={styles.actions}>
          <Button size="small" type="primary" onClick={() => void copy(link.url, t("sign.copied"))}>
            {t("sign.copy")}
          </Button>
          <Button size="small" onClick={onWithdraw}>
            {t("sign.withdraw")}
          </Button>
        </div>
      </div>
    </section>
  );
}

function Waiting({ asked, onWithdraw }: { asked: NonNullable<DeliverableState["asked"]>; onWithdraw: () => void }) {
  const { t } = useTranslation();
  return (
    <p className={styles.waiting}>
      {asked.opened_at ? t("sign.opened") : t("sign.sent")} <Time value={asked.opened_at ?? asked.at} />
      <Button size="small" type="link" onClick={onWithdraw}>
        {t("sign.withdraw")}
      </Button>
    </p>
  );
}

interface UnsignedProps {
  object: ObjectDefinition;
  row: Row;
  signature: Signature;
  may: boolean;
}

/** A scan on which no signature was found: asked about, and answered for by those who may. */
function Unsigned({ object, row, signature, may }: UnsignedProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const work = useWork();
  return (
    <section className={styles.unsigned} aria-label={t("sign.unsigned")}>
      <p className={styles.strong}>
        <ScanLine size={15} aria-hidden /> {t("sign.unsigned")}
      </p>
      <p>
        <a href={signature.file.url}>{signature.file.name}</a>
      </p>
      <p>{t(may ? "sign.unsignedMay" : "sign.unsignedHint")}</p>
      {may && !open ? (
        <Button size="small" onClick={() => setOpen(true)}>
          {t("sign.vouch")}
        </Button>
      ) : null}
      {open ? (
        <>
          <Input.TextArea
            autoFocus
            value={reason}
            aria-label={t("sign.vouchReason")}
            placeholder={t("sign.vouchReason")}
            autoSize={{ minRows: 2, maxRows: 5 }}
            onChange={(event) => setReason(event.target.value)}
          />
          <div className={styles.actions}>
            <Button
              size="small"
              type="primary"
              loading={work.busy}
              disabled={!reason.trim()}
              onClick={() => void work.run(() => records.vouch(object.name, row.id, signature.id, reason.trim()))}
            >
              {t("sign.vouchGo")}
            </Button>
            <Button size="small" onClick={() => setOpen(false)}>
              {t("action.cancel")}
            </Button>
          </div>
        </>
      ) : null}
    </section>
  );
}

/** Who signed, how and when. */
export function Signed({ signature }: { signature: Signature }) {
  const { t } = useTranslation();
  return (
    <p className={styles.signed}>
      <PenLine size={13} aria-hidden />
      <a href={signature.file.url}>
        {signature.method === "drawn"
          ? t("sign.byPhone", { name: signature.signer })
          : t(signature.state === "vouched" ? "sign.byWord" : "sign.byScan")}
      </a>
      <Time value={signature.at} />
      {signature.reason ? <span className={styles.reason}>{signature.reason}</span> : null}
    </p>
  );
}
