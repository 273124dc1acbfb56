import { App, Input, Segmented } from "antd";
import { CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import { useState } from "react";

import type { AuditDefinition } from "@/api/auditing";
import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, pipelineOf, stageOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { Pill } from "@/design/Pill";

import { audits, type Verdict } from "./api";
import { Evidence } from "./Evidence";
import styles from "./review.module.css";

interface Props {
  audit: AuditDefinition;
  object: ObjectDefinition;
  /** The record that was drawn; null where the viewer may not see it. */
  row: Row | null;
  verdict: Verdict;
  editable: boolean;
  onChanged: () => Promise<void>;
}

/** One deliverable: what there is on one side, what the reviewer says on the other. */
export function VerdictCard({ audit, object, row, verdict, editable, onChanged }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const catalog = useCatalog();
  const options = fieldOf(catalog.objects[audit.verdicts] ?? object, "verdict")?.options ?? [];
  const [note, setNote] = useState(verdict.note ?? "");
  const [chosen, setChosen] = useState(verdict.verdict);
  const said = options.find((option) => option.value === chosen);
  const label = say(verdict.item?.label) || verdict.name;
  const stage = say(stageOf(pipelineOf(catalog, object), verdict.stage)?.label) || verdict.stage;
  const save = async (changes: { verdict?: string; note?: string | null }) => {
    try {
      await audits.verdict(audit.name, verdict.id, changes);
      await onChanged();
    } catch (error) {
      setChosen(verdict.verdict);
      void message.error(messageOf(error) || t("error.offline"));
    }
  };
  return (
    <article className={styles.card} aria-label={label}>
      <div className={styles.evidence}>
        <h2 className={styles.deliverable}>
          {label}
          <small>
            {stage} · {t("audits.weight", { weight: verdict.weight })}
          </small>
          {verdict.contested ? <Pill color="red">{t("audits.contested")}</Pill> : null}
        </h2>
        {verdict.ask ? <p className={styles.ask}>{say(verdict.ask)}</p> : null}
        <p className={styles.shown}>
          {verdict.shown ? <CircleCheck size={14} aria-hidden /> : <CircleDashed size={14} aria-hidden />}
          {t(verdict.shown ? "audits.wasShown" : "audits.wasNotShown")}
        </p>
        {row ? <Evidence object={object} row={row} verdict={verdict} /> : <p className={styles.quiet}>{t("audits.unseen")}</p>}
      </div>
      <div className={styles.judgement}>
        {editable ? (
          <>
            <Segmented
              block
              size="small"
              aria-label={t("audits.verdictOn", { name: label })}
              value={chosen ?? ""}
              options={options.map((option) => ({ value: option.value, label: say(option.label) }))}
              onChange={(value) => {
                setChosen(value);
                void save({ verdict: value });
              }}
            />
            <Input.TextArea
              autoSize={{ minRows: 2, maxRows: 8 }}
              maxLength={2000}
              aria-label={t("audits.noteOn", { name: label })}
              placeholder={t("audits.note")}
              value={note}
              onChange={(event) => setNote(event.target.value)}
              onBlur={() => {
                if (note !== (verdict.note ?? "")) void save({ note: note.trim() || null });
              }}
            />
          </>
        ) : (
          <>
            {said ? (
              <Pill color={said.color}>{say(said.label)}</Pill>
            ) : (
              <span className={styles.quiet}>
                <CircleAlert size={13} aria-hidden /> {t("audits.notJudged")}
              </span>
            )}
            {verdict.note ? <p className={styles.note}>{verdict.note}</p> : null}
          </>
        )}
      </div>
    </article>
  );
}
