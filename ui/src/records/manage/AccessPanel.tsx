import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Check, Eye, EyeOff, Minus, PencilLine, Share2 } from "lucide-react";
import { useState } from "react";

import { ApiError } from "@/api/client";
import { type AccessAnswer, type AccessWay, manage, manageKeys } from "@/api/manage";
import type { ObjectDefinition, Ref, Row } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { BoneLines } from "@/design/Bones";
import { cx } from "@/design/cx";
import { Failure } from "@/design/Failure";
import { Panel } from "@/design/Panel";
import { Pill } from "@/design/Pill";

import { titleOf } from "../summary";
import styles from "./manage.module.css";
import { PickPerson } from "./Pick";

interface Props {
  object: ObjectDefinition;
  row: Row;
  open: boolean;
  /** Leads on to sharing with the person; absent where the viewer may not share. */
  onShare?: (person: Ref) => void;
  onClose: () => void;
}

/** Why a person sees a record, or why not: every way that the person's roles name. */
export function AccessPanel({ object, row, open, onShare, onClose }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const [person, setPerson] = useState<Ref | null>({ id: user.id, label: user.name });
  const id = person?.id ?? user.id;
  const { data, error, refetch } = useQuery({
    queryKey: manageKeys.access(object.name, row.id, id),
    queryFn: ({ signal }) => manage.access(object.name, row.id, id, signal),
    enabled: open,
    retry: false,
  });
  const gone = error instanceof ApiError && error.reasons.some((reason) => reason.path === "user");
  return (
    <Panel open={open} title={t("access.title", { name: titleOf(object, row) })} onClose={onClose} width={520}>
      <div className={styles.stack}>
        <PickPerson label={t("access.person")} value={person} onChange={setPerson} autoFocus />
        {gone ? (
          <p className={cx(styles.verdict, styles.no)} role="status">
            <EyeOff size={18} aria-hidden />
            {t("access.inactive", { name: person?.label ?? "" })}
          </p>
        ) : error ? (
          <Failure error={error} retry={() => void refetch()} />
        ) : null}
        {!data && !error ? <BoneLines lines={5} /> : null}
        {data ? <Answer answer={data} person={person} onShare={onShare} /> : null}
      </div>
    </Panel>
  );
}

function Answer({ answer, person, onShare }: { answer: AccessAnswer; person: Ref | null } & Pick<Props, "onShare">) {
  const { t } = useTranslation();
  const name = answer.person.label ?? person?.label ?? "";
  const verdict = answer.can_change ? "changes" : answer.allowed ? "sees" : "blind";
  const Icon = answer.can_change ? PencilLine : answer.allowed ? Eye : EyeOff;
  const roles = [...new Set(answer.ways.map((way) => way.role))];
  return (
    <>
      <div className={cx(styles.verdict, answer.allowed ? styles.yes : styles.no)} role="status">
        <Icon size={18} aria-hidden />
        <span>{t(`access.${verdict}`, { name })}</span>
        {!answer.allowed && onShare && person ? (
          <Button size="small" icon={<Share2 size={14} />} onClick={() => onShare(person)}>
            {t("share.go")}
          </Button>
        ) : null}
      </div>
      {roles.map((role) => (
        <section key={role} className={styles.role}>
          <h3>
            <Pill color="blue">{role}</Pill>
          </h3>
          {(["read", "update"] as const).map((act) => (
            <Ways key={act} act={act} ways={answer.ways.filter((way) => way.role === role && way.act === act)} />
          ))}
        </section>
      ))}
      {answer.silent.map((role) => (
        <p key={role} className={styles.hint}>
          {t("access.silent", { role })}
        </p>
      ))}
      {answer.ways.length === 0 && answer.silent.length === 0 ? (
        <p className={styles.hint}>{t("access.noRole", { name })}</p>
      ) : null}
    </>
  );
}

function Ways({ act, ways }: { act: AccessWay["act"]; ways: AccessWay[] }) {
  const { t } = useTranslation();
  if (ways.length === 0) return act === "update" ? <p className={styles.hint}>{t("access.readOnlyRole")}</p> : null;
  return (
    <>
      <h4 className={styles.caption}>{t(`access.act.${act}`)}</h4>
      <ul className={styles.ways}>
        {ways.map((way, index) => (
          <li key={index} className={cx(styles.way, way.holds && styles.holds)}>
            {way.holds ? (
              <Check size={15} role="img" aria-label={t("access.yes")} />
            ) : (
              <Minus size={15} role="img" aria-label={t("access.no")} />
            )}
            <div>
              <span>{way.text}</span>
              {way.fact ? <small>{way.fact}</small> : null}
              {way.ruled ? (
                <small className={way.by_rule ? undefined : styles.unmet}>
                  {t(way.by_rule ? "access.ruleMet" : "access.ruleUnmet")}
                  {way.where ? <code>{way.where}</code> : null}
                </small>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
