import { useQuery } from "@tanstack/react-query";
import { App, Button, Checkbox, Input } from "antd";
import { type ReactNode, useState } from "react";

import type { AuditDefinition } from "@/api/auditing";
import type { ObjectDefinition, Ref, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Person } from "@/design/Avatar";
import { cx } from "@/design/cx";
import { messageOf } from "@/design/Failure";
import { RecordLink } from "@/design/RecordLink";
import { Time } from "@/design/Time";
import { Cell } from "@/fields/Cell";
import { Timeline } from "@/records/detail/Timeline";
import { recordQuery } from "@/records/query";

import { audits, type ReviewAnswer } from "./api";
import styles from "./review.module.css";
import { Score } from "./Score";

interface Props {
  audit: AuditDefinition;
  answer: ReviewAnswer;
  onChanged: () => Promise<void>;
}

/** How a review stands, what was said about it, and the step whose turn it is. */
export function Outcome({ audit, answer, onChanged }: Props) {
  const { t } = useTranslation();
  const catalog = useCatalog();
  const { review, verdicts, can } = answer;
  const object = catalog.objects[audit.reviews];
  const subjects = catalog.objects[audit.object];
  const status = object ? fieldOf(object, "status") : null;
  const subject = review.subject as Ref | null;
  const given = verdicts.filter((verdict) => verdict.verdict !== null).length;
  return (
    <aside className={cx(styles.side, can.judge && styles.last)} aria-label={t("audits.outcome")}>
      <div className={styles.result}>
        {object && status ? <Cell object={object} field={status} value={review.status} row={review} dense /> : null}
        <Score value={review.score} first={review.first_score} />
      </div>
      <dl className={styles.facts}>
        {subjects && subject ? (
          <Fact name={t("audits.subject")}>
            <RecordLink object={subjects.name} id={subject.id} className={styles.link}>
              {subject.label ?? String(review.name)}
            </RecordLink>
          </Fact>
        ) : null}
        <Who name={t("audits.judged")} value={review.judged} />
        <Who name={t("audits.reviewer")} value={review.reviewer} />
        <Who name={t("audits.standIn")} value={review.stand_in} />
        <Who name={t("audits.second")} value={review.second_reviewer} />
        <Fact name={t("audits.stratum")}>{String(review.stratum ?? "")}</Fact>
        <Fact name={t("audits.draw")}>{(review.draw as Ref | null)?.label}</Fact>
        {review.judged_at ? (
          <Fact name={t("audits.judgedAt")}>
            <Time value={String(review.judged_at)} />
          </Fact>
        ) : null}
      </dl>
      <Words title={t("audits.remark")} text={review.remark} />
      <Words title={t("audits.appeal")} text={review.appeal} />
      <Words title={t("audits.decision")} text={review.decision} />
      {can.judge ? <Judging audit={audit} review={review} given={given} of={verdicts.length} onChanged={onChanged} /> : null}
      {can.accept ? <Contesting audit={audit} answer={answer} onChanged={onChanged} /> : null}
      {subjects && subject ? <Course object={subjects} id={subject.id} /> : null}
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Who({ name, value }: { name: string; value: unknown }) {
  const label = (value as Ref | null)?.label;
  return label ? (
    <Fact name={name}>
      <Person name={label} />
    </Fact>
  ) : null;
}

function Words({ title, text }: { title: string; text: unknown }) {
  if (!text) return null;
  return (
    <section className={styles.words}>
      <h3>{title}</h3>
      <p>{String(text)}</p>
    </section>
  );
}

interface JudgingProps {
  audit: AuditDefinition;
  review: Row;
  given: number;
  of: number;
  onChanged: () => Promise<void>;
}

/** Handing in; after an appeal with the reason for what stays or changes. */
function Judging({ audit, review, given, of, onChanged }: JudgingProps) {
  const { t } = useTranslation();
  const [remark, setRemark] = useState("");
  const { busy, attempt } = useAttempt(onChanged);
  const second = review.status === "appealed";
  return (
    <section className={styles.turn}>
      <p className={styles.progress}>
        <span>{t("audits.given", { given, of })}</span>
        <progress value={given} max={of} aria-label={t("audits.given", { given, of })} />
      </p>
      <Input.TextArea
        autoSize={{ minRows: 3, maxRows: 10 }}
        maxLength={5000}
        aria-label={t(second ? "audits.decision" : "audits.remark")}
        placeholder={t(second ? "audits.decisionHint" : "audits.remarkHint")}
        value={remark}
        onChange={(event) => setRemark(event.target.value)}
      />
      <Button
        block
        type="primary"
        loading={busy}
        disabled={given < of || (second && !remark.trim())}
        onClick={() => void attempt(() => audits.submit(audit.name, review.id, remark.trim()))}
      >
        {t(second ? "audits.settle" : "audits.submit")}
      </Button>
    </section>
  );
}

/** The owner's turn: take the result, or say what is wrong with it. */
function Contesting({ audit, answer, onChanged }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const { busy, attempt } = useAttempt(onChanged);
  const { id } = answer.review;
  const doubtful = answer.verdicts.filter((verdict) => verdict.verdict !== "met");
  return (
    <section className={styles.turn}>
      <p className={styles.quiet}>{t("audits.appealUntil")}</p>
      {open ? (
        <>
          <Checkbox.Group
            className={styles.choices}
            value={chosen}
            options={doubtful.map((one) => ({ value: one.id, label: say(one.item?.label) || one.name }))}
            onChange={(values) => setChosen(values)}
          />
          <Input.TextArea
            autoFocus
            autoSize={{ minRows: 3, maxRows: 10 }}
            maxLength={5000}
            aria-label={t("audits.appeal")}
            placeholder={t("audits.appealHint")}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <div className={styles.buttons}>
            <Button onClick={() => setOpen(false)}>{t("action.cancel")}</Button>
            <Button
              type="primary"
              loading={busy}
              disabled={!reason.trim()}
              onClick={() => void attempt(() => audits.appeal(audit.name, id, reason.trim(), chosen))}
            >
              {t("audits.sendAppeal")}
            </Button>
          </div>
        </>
      ) : (
        <div className={styles.buttons}>
          <Button onClick={() => setOpen(true)}>{t("audits.contest")}</Button>
          <Button type="primary" loading={busy} onClick={() => void attempt(() => audits.accept(audit.name, id))}>
            {t("audits.accept")}
          </Button>
        </div>
      )}
    </section>
  );
}

/** What happened to the record that was drawn, opened on demand. */
function Course({ object, id }: { object: ObjectDefinition; id: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ ...recordQuery(object, id), enabled: open });
  return (
    <section className={styles.course}>
      <Button type="text" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? "audits.hideCourse" : "audits.showCourse")}
      </Button>
      {open && data ? <Timeline object={object} row={data} /> : null}
    </section>
  );
}

function useAttempt(onChanged: () => Promise<void>) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
      await onChanged();
    } catch (error) {
      void message.error(messageOf(error) || t("error.offline"));
    } finally {
      setBusy(false);
    }
  };
  return { busy, attempt };
}
