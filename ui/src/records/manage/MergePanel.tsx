import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, Button, Checkbox } from "antd";
import { ArrowLeftRight, ArrowRight, CircleCheck, GitMerge } from "lucide-react";
import { useState } from "react";

import { ApiError } from "@/api/client";
import { manage, manageKeys } from "@/api/manage";
import type { Field, ObjectDefinition, Reason, Ref, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { isWritable, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { cx } from "@/design/cx";
import { Failure, messageOf } from "@/design/Failure";
import { Panel } from "@/design/Panel";
import { Cell } from "@/fields/Cell";
import { isEmptyValue } from "@/fields/kinds";

import { spoilRecords } from "../cache";
import { Reasons } from "../form/Reasons";
import { recordQuery } from "../query";
import { titleOf } from "../summary";
import styles from "./manage.module.css";
import { chosenValues, differing, firstPicks, type Picks } from "./merging";
import { PickRecord } from "./Pick";

interface Props {
  object: ObjectDefinition;
  row: Row;
  open: boolean;
  /** The other record, where it is known already. */
  with?: Ref | null;
  onClose: () => void;
}

/** Makes one record of two: which stays, whose values it keeps, and what goes over to it. */
export function MergePanel({ object, row, open, with: known = null, onClose }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const navigate = useNavigate();
  const [other, setOther] = useState<Ref | null>(known);
  const [merged, setMerged] = useState<{ kept: Row; gone: Row } | null>(null);
  return (
    <Panel
      open={open}
      title={t("merging.title", { thing: say(object.label) })}
      width={760}
      onClose={onClose}
      onClosed={() => {
        setOther(known);
        setMerged(null);
      }}
    >
      {merged ? (
        <div className={styles.stack}>
          <p className={cx(styles.verdict, styles.yes)} role="status">
            <CircleCheck size={18} aria-hidden />
            {t("merging.done", { kept: titleOf(object, merged.kept), gone: titleOf(object, merged.gone) })}
          </p>
          <p className={styles.hint}>{t("merging.doneHint")}</p>
          <div className={styles.buttons}>
            <Button
              onClick={() =>
                void navigate({ to: "/records/$object/$id", params: { object: object.name, id: merged.gone.id } })
              }
            >
              {t("merging.seeGone")}
            </Button>
            <Button
              type="primary"
              onClick={() => {
                onClose();
                void navigate({ to: "/records/$object/$id", params: { object: object.name, id: merged.kept.id } });
              }}
            >
              {t("merging.seeKept")}
            </Button>
          </div>
        </div>
      ) : (
        <div className={styles.stack}>
          <p className={styles.hint}>{t("merging.intro", { thing: say(object.label) })}</p>
          <PickRecord
            label={t("merging.other")}
            placeholder={t("merging.pick", { thing: say(object.label) })}
            object={object.name}
            but={row.id}
            value={other}
            onChange={setOther}
            autoFocus
          />
          {other ? (
            <Comparing
              key={other.id}
              object={object}
              mine={row}
              other={other.id}
              onDone={(kept, gone) => setMerged({ kept, gone })}
            />
          ) : null}
        </div>
      )}
    </Panel>
  );
}

interface ComparingProps {
  object: ObjectDefinition;
  mine: Row;
  other: string;
  onDone: (kept: Row, gone: Row) => void;
}

function Comparing({ object, mine, other, onDone }: ComparingProps) {
  const { data, error, refetch } = useQuery(recordQuery(object, other));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  return data ? <Choosing object={object} mine={mine} other={data} onDone={onDone} /> : <BoneLines lines={6} />;
}

function Choosing({ object, mine, other, onDone }: Omit<ComparingProps, "other"> & { other: Row }) {
  const { t } = useTranslation();
  const say = useLabel();
  const client = useQueryClient();
  const staged = pipelineOf(useCatalog(), object)?.field;
  const [swapped, setSwapped] = useState(false);
  const [kept, gone] = swapped ? [other, mine] : [mine, other];
  const fields = differing(
    object.fields.filter((field) => isWritable(field) && field.name !== staged),
    kept,
    gone,
  );
  const [picks, setPicks] = useState<Picks>(() => firstPicks(fields, kept, gone));
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<{ title: string; reasons: Reason[] } | null>(null);
  const swap = () => {
    setPicks(firstPicks(fields, gone, kept));
    setSwapped(!swapped);
  };
  const merge = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const row = await manage.merge(object.name, kept.id, gone.id, chosenValues(object, fields, picks, gone));
      await spoilRecords(client);
      onDone(row, gone);
    } catch (error) {
      const reasons = error instanceof ApiError ? error.reasons : [];
      setRefusal({ title: reasons.length > 0 ? t("merging.refused") : messageOf(error), reasons });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <div className={styles.pair}>
        <div className={styles.keptCard}>
          <small>{t("merging.kept")}</small>
          <b className="cut">{titleOf(object, kept)}</b>
        </div>
        <Button icon={<ArrowLeftRight size={15} />} aria-label={t("merging.swap")} onClick={swap} />
        <div className={styles.goneCard}>
          <small>{t("merging.gone")}</small>
          <b className="cut">{titleOf(object, gone)}</b>
        </div>
      </div>
      {fields.length > 0 ? (
        <table className={styles.compare}>
          <caption className={styles.caption}>{t("merging.values", { count: fields.length })}</caption>
          <tbody>
            {fields.map((field) => (
              <Line
                key={field.name}
                object={object}
                field={field}
                kept={kept}
                gone={gone}
                pick={picks[field.name] ?? "kept"}
                onPick={(pick) => setPicks((now) => ({ ...now, [field.name]: pick }))}
              />
            ))}
          </tbody>
        </table>
      ) : (
        <p className={styles.hint}>{t("merging.same")}</p>
      )}
      <Moves object={object} gone={gone} />
      <Alert type="warning" showIcon title={t("merging.final")} description={t("merging.finalHint")} />
      {refusal ? <Reasons title={refusal.title} reasons={refusal.reasons} /> : null}
      {refusal && refusal.reasons.length === 0 ? <Alert type="error" title={refusal.title} /> : null}
      <div className={styles.buttons}>
        <Checkbox checked={sure} onChange={(event) => setSure(event.target.checked)}>
          {t("merging.sure", { name: titleOf(object, gone) })}
        </Checkbox>
        <Button
          type="primary"
          icon={<GitMerge size={15} />}
          disabled={!sure}
          loading={busy}
          onClick={() => void merge()}
        >
          {t("merging.go", { thing: say(object.label) })}
        </Button>
      </div>
    </>
  );
}

interface LineProps {
  object: ObjectDefinition;
  field: Field;
  kept: Row;
  gone: Row;
  pick: "kept" | "gone";
  onPick: (pick: "kept" | "gone") => void;
}

/** One field in which the two differ, to be decided by pressing a value. */
function Line({ object, field, kept, gone, pick, onPick }: LineProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const name = say(field.label);
  return (
    <tr>
      <th scope="row">{name}</th>
      {(["kept", "gone"] as const).map((side) => {
        const row = side === "kept" ? kept : gone;
        const value = row[field.name];
        return (
          <td key={side}>
            <label className={cx(styles.value, pick === side && styles.picked)}>
              <input
                type="radio"
                name={`merge-${field.name}`}
                aria-label={t(`merging.take.${side}`, { field: name })}
                checked={pick === side}
                onChange={() => onPick(side)}
              />
              {isEmptyValue(value) ? (
                <span className={styles.hint}>{t("merging.empty")}</span>
              ) : (
                <Cell object={object} field={field} value={value} row={row} dense />
              )}
            </label>
          </td>
        );
      })}
    </tr>
  );
}

/** What goes over to the record that stays. */
function Moves({ object, gone }: { object: ObjectDefinition; gone: Row }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { objects } = useCatalog();
  const { data } = useQuery({
    queryKey: manageKeys.preview(object.name, gone.id),
    queryFn: ({ signal }) => manage.mergePreview(object.name, gone.id, signal),
  });
  if (!data) return <BoneLines lines={2} />;
  const parts = [
    ...data.children.map((one) => ({ key: `${one.object}.${one.field}`, label: nameOf(one), count: one.count })),
    { key: "others", label: t("merging.others"), count: data.others },
    { key: "files", label: t("detail.files"), count: data.files },
    { key: "shares", label: t("merging.shares"), count: data.shares },
    { key: "comments", label: t("merging.comments"), count: data.comments },
    { key: "followers", label: t("merging.followers"), count: data.followers },
  ].filter((part) => part.count > 0);
  function nameOf(one: { object: string; field: string }): string {
    const child = objects[one.object];
    const field = child?.fields.find((candidate) => candidate.name === one.field);
    return child ? `${say(child.plural)} · ${say(field?.label)}` : one.object;
  }
  return (
    <section>
      <h3 className={styles.caption}>{t("merging.moves")}</h3>
      {parts.length === 0 ? <p className={styles.hint}>{t("merging.nothingMoves")}</p> : null}
      <ul className={styles.moves}>
        {parts.map((part) => (
          <li key={part.key}>
            <ArrowRight size={13} aria-hidden />
            {part.label}
            <b className="num">{part.count}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
