import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, InputNumber, Switch } from "antd";
import { useEffect, useState } from "react";

import type { ScoreDefinition, ScoreInFull, SignalDefinition, Tuned } from "@/api/scores";
import { useTranslation } from "@/app/translation";
import { catalogQuery } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { Column } from "@/design/Page";
import { Dot } from "@/design/Pill";
import { Time } from "@/design/Time";
import { useUndoable } from "@/records/undo";

import { publishTuned, restoreScore } from "./queries";
import styles from "./scores.module.css";
import { Trial } from "./Trial";
import { differences, shown, stored, tunedOf } from "./tuned";

const PAUSE_MS = 350;
/** The note of the version that came with the installation. */
const SHIPPED = "shipped";

interface Props {
  score: ScoreDefinition;
  full: ScoreInFull;
}

/** The numbers on one side, what they would change on the other. */
export function Tuner({ score, full }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const client = useQueryClient();
  const { message } = App.useApp();
  const undoable = useUndoable();
  const published = tunedOf(full);
  const [tuned, setTuned] = useState(published);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const tried = useSettled(tuned);
  const changed = differences(published, tuned);
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["score", score.name] }),
      client.invalidateQueries({ queryKey: catalogQuery.queryKey }),
    ]);
  const goBack = async (to: number, seen: number) => {
    try {
      await restoreScore(score.name, to, seen, t("scores.restoredNote", { version: to }));
      await refresh();
    } catch (refusal) {
      void message.error(messageOf(refusal));
    }
  };
  const publish = async () => {
    setBusy(true);
    try {
      const { version } = await publishTuned(score.name, tuned, full.version, note);
      undoable(t("scores.published"), () => void goBack(full.version, version));
      await refresh();
    } catch (refusal) {
      void message.error(messageOf(refusal));
    }
    setBusy(false);
  };
  const put = (metric: string, numbers: Tuned["signals"][string]) =>
    setTuned({ ...tuned, signals: { ...tuned.signals, [metric]: numbers } });
  return (
    <Column label={t("scores.tuning")} width="full">
      <p className={styles.quiet}>
        {t("scores.tuningHint")}
        {full.calibrated_at ? t("scores.history", { won: full.won, lost: full.lost }) : t("scores.noHistory")}
      </p>
      <div className={styles.tuner}>
        <div className={styles.numbers}>
          <fieldset className={styles.bounds}>
            <legend className="sr-only">{t("scores.bounds")}</legend>
            <label>
              <Dot color="red" /> {t("scores.below")}
              <InputNumber
                size="small"
                min={0}
                max={tuned.green}
                value={tuned.red}
                onChange={(red) => setTuned({ ...tuned, red: red ?? 0 })}
              />
            </label>
            <label>
              <Dot color="green" /> {t("scores.from")}
              <InputNumber
                size="small"
                min={tuned.red}
                max={100}
                value={tuned.green}
                onChange={(green) => setTuned({ ...tuned, green: green ?? 100 })}
              />
            </label>
            <label>
              <Switch
                size="small"
                checked={tuned.calibrate}
                onChange={(calibrate) => setTuned({ ...tuned, calibrate })}
              />
              {t("scores.calibrate")}
            </label>
          </fieldset>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t("scores.signal")}</th>
                <th scope="col">{t("scores.weight")}</th>
                <th scope="col">{t("scores.bad")}</th>
                <th scope="col">{t("scores.good")}</th>
                <th scope="col">{t("scores.evidence")}</th>
              </tr>
            </thead>
            <tbody>
              {full.signals.map((signal) => (
                <SignalRow
                  key={signal.metric}
                  signal={signal}
                  numbers={tuned.signals[signal.metric] ?? signal}
                  onChange={(numbers) => put(signal.metric, numbers)}
                />
              ))}
            </tbody>
          </table>
          <section aria-label={t("scores.versions")} className={styles.versions}>
            <h2>{t("scores.versions")}</h2>
            <ul>
              {full.versions.map((one, index) => (
                <li key={one.version}>
                  <span className="num">{t("scores.version", { version: one.version })}</span>
                  <span className="cut">{one.note === SHIPPED ? t("scores.shipped") : one.note || t("scores.noNote")}</span>
                  <span className={styles.quiet}>
                    {one.by} <Time value={one.at} />
                  </span>
                  {index > 0 ? (
                    <Button size="small" type="text" onClick={() => void goBack(one.version, full.version)}>
                      {t("scores.restore")}
                    </Button>
                  ) : (
                    <span className={styles.quiet}>{t("scores.inForce")}</span>
                  )}
                </li>
              ))}
            </ul>
          </section>
        </div>
        <aside className={styles.trialSide} aria-label={t("scores.trial")}>
          <Trial score={score} tuned={tried} changed={changed > 0} behind={full.behind} />
          <Input
            placeholder={t("scores.note")}
            aria-label={t("scores.note")}
            value={note}
            maxLength={200}
            onChange={(event) => setNote(event.target.value)}
          />
          <div className={styles.tools}>
            <Button disabled={changed === 0} onClick={() => setTuned(published)}>
              {t("scores.reset")}
            </Button>
            <Button type="primary" disabled={changed === 0} loading={busy} onClick={() => void publish()}>
              {changed ? t("scores.publishSome", { count: changed }) : t("scores.publish")}
            </Button>
          </div>
          <p className={styles.quiet}>{say(score.help)}</p>
        </aside>
      </div>
    </Column>
  );
}

interface RowProps {
  signal: SignalDefinition;
  numbers: { weight: number; bad: number; good: number };
  onChange: (numbers: { weight: number; bad: number; good: number }) => void;
}

function SignalRow({ signal, numbers, onChange }: RowProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const name = say(signal.label);
  const units = t(`scores.unit.${signal.unit}`);
  const field = (key: "bad" | "good", text: string) => (
    <td data-label={text}>
      <InputNumber
        size="small"
        aria-label={`${name} ${text}`}
        value={shown(numbers[key], signal.unit)}
        suffix={units}
        onChange={(value) => onChange({ ...numbers, [key]: stored(value ?? 0, signal.unit) })}
      />
    </td>
  );
  return (
    <tr>
      <th scope="row" title={say(signal.help)}>
        {name}
      </th>
      <td data-label={t("scores.weight")}>
        <InputNumber
          size="small"
          min={0}
          max={1000}
          aria-label={`${name} ${t("scores.weight")}`}
          value={numbers.weight}
          onChange={(weight) => onChange({ ...numbers, weight: weight ?? 0 })}
        />
      </td>
      {field("bad", t("scores.bad"))}
      {field("good", t("scores.good"))}
      <td className={styles.evidence}>
        <Told signal={signal} />
      </td>
    </tr>
  );
}

/** What history says of a signal, and the weight that it is given for that. */
function Told({ signal }: { signal: SignalDefinition }) {
  const { t } = useTranslation();
  const told = signal.evidence;
  if (!told || !told.enough) {
    return <span className={styles.quiet}>{t("scores.few", { won: told?.won ?? 0, lost: told?.lost ?? 0 })}</span>;
  }
  return (
    <span title={t("scores.aucHint", { won: told.won, lost: told.lost })}>
      {t("scores.auc", { auc: told.auc.toFixed(2), used: signal.used.toFixed(1) })}
    </span>
  );
}

/** The value once it has been left alone for a moment. */
function useSettled(value: Tuned): Tuned {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [value]);
  return settled;
}
