import { useQuery } from "@tanstack/react-query";
import { App, Button } from "antd";
import { Check, ChevronRight, Circle, Download, ShieldCheck, ShieldX, Shuffle } from "lucide-react";
import { useState } from "react";

import type { AuditDefinition } from "@/api/auditing";
import type { Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { BoneLines } from "@/design/Bones";
import { Card } from "@/design/Card";
import { cx } from "@/design/cx";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { Time } from "@/design/Time";
import { formatNumber, toNumber } from "@/format/number";

import { type AuditOverview, audits, type DrawCheck, strataQuery } from "./api";
import styles from "./audits.module.css";

/** Every draw with its three public steps, and the means to recompute it. */
export function Draws({ audit, overview }: { audit: AuditDefinition; overview: AuditOverview }) {
  const { t } = useTranslation();
  if (overview.draws.length === 0) {
    return <Empty icon={<Shuffle size={20} />} title={t("audits.noDraw")} hint={t("audits.noDrawHint")} />;
  }
  return (
    <>
      <p className={styles.lead}>{t("audits.whyFair")}</p>
      {overview.draws.map((draw) => (
        <Draw key={draw.id} audit={audit} draw={draw} />
      ))}
    </>
  );
}

function Draw({ audit, draw }: { audit: AuditDefinition; draw: Row }) {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const [check, setCheck] = useState<DrawCheck | null>(null);
  const [busy, setBusy] = useState(false);
  const [open, setOpen] = useState(false);
  const drawn = draw.status === "drawn";
  const count = (name: string) => formatNumber(toNumber(draw[name]) ?? 0, i18n.language, 0);
  const verify = async () => {
    setBusy(true);
    try {
      setCheck(await audits.check(audit.name, draw.id));
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card
      heading="h3"
      label={String(draw.name)}
      title={
        <>
          {String(draw.name)}
          {drawn ? <small>{t("audits.drawnOf", { drawn: count("review_count"), of: count("population") })}</small> : null}
          {drawn ? <small>{t("audits.finalOf", { count: count("final_count") })}</small> : null}
        </>
      }
      tools={
        drawn ? (
          <div className={styles.tools}>
            <Button size="small" icon={<Download size={14} />} href={audits.exportUrl(audit.name, draw.id)}>
              {t("audits.export")}
            </Button>
            <Button size="small" icon={<ShieldCheck size={14} />} loading={busy} onClick={() => void verify()}>
              {t("audits.verify")}
            </Button>
          </div>
        ) : null
      }
    >
      {check ? <Verdict check={check} /> : null}
      <ol className={styles.steps}>
        <Step done at={draw.announced_at} title={t("audits.step.list", { count: count("population") })}>
          <Hash label={t("audits.listHash")} text={String(draw.list_hash ?? "")} />
        </Step>
        <Step done={Boolean(draw.seed)} title={t(draw.seed ? "audits.step.seed" : "audits.step.noSeed", { seal: String(draw.seal ?? "") })}>
          {draw.seed ? <Hash label={t("audits.seed")} text={String(draw.seed)} /> : null}
        </Step>
        <Step done={drawn} at={drawn ? draw.drawn_at : draw.draw_at} title={t(drawn ? "audits.step.drawn" : "audits.step.due")}>
          {drawn ? <code className={styles.command}>{`chengdan audit redraw ${draw.id}`}</code> : null}
        </Step>
      </ol>
      <button type="button" className={styles.turn} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={14} aria-hidden />
        {t("audits.strata")}
      </button>
      {open ? <Strata audit={audit} draw={draw.id} /> : null}
    </Card>
  );
}

interface StepProps {
  done: boolean;
  at?: unknown;
  title: string;
  children?: React.ReactNode;
}

function Step({ done, at, title, children }: StepProps) {
  const { t } = useTranslation();
  return (
    <li className={cx(styles.step, done && styles.done)}>
      {done ? <Check size={14} aria-label={t("audits.done")} /> : <Circle size={14} aria-label={t("audits.due")} />}
      <div>
        <p>
          {title} {at ? <Time value={String(at)} /> : null}
        </p>
        {children}
      </div>
    </li>
  );
}

function Hash({ label, text }: { label: string; text: string }) {
  return (
    <p className={styles.hash}>
      <span>{label}</span>
      <code title={text}>{text}</code>
    </p>
  );
}

function Verdict({ check }: { check: DrawCheck }) {
  const { t } = useTranslation();
  const Icon = check.holds ? ShieldCheck : ShieldX;
  const wrong = check.missing.length + check.extra.length + check.misassigned.length;
  return (
    <p role="status" className={cx(styles.proof, check.holds ? styles.proven : styles.broken)}>
      <Icon size={16} aria-hidden />
      {check.holds
        ? t("audits.holds", { drawn: check.drawn, population: check.population })
        : t(check.seed_holds === false ? "audits.seedBroken" : "audits.broken", { count: wrong })}
    </p>
  );
}

function Strata({ audit, draw }: { audit: AuditDefinition; draw: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(strataQuery(audit.name, draw));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <BoneLines lines={4} />;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t("audits.stratum")}</th>
          <th scope="col" className={styles.number}>
            {t("audits.size")}
          </th>
          <th scope="col" className={styles.number}>
            {t("audits.drawn")}
          </th>
        </tr>
      </thead>
      <tbody>
        {data.items.map((one) => (
          <tr key={one.values.join("/")}>
            <th scope="row">
              {one.values.join(" · ") || t("audits.rest")}
              {one.pooled && one.values.length > 0 ? <small> {t("audits.pooled")}</small> : null}
            </th>
            <td className={styles.number}>{one.size}</td>
            <td className={styles.number}>{one.drawn}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
