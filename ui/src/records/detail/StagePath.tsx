import { useQuery } from "@tanstack/react-query";
import { Tooltip } from "antd";
import { Check, CircleSlash2, Lock, type LucideIcon, Trophy, X } from "lucide-react";
import { useState } from "react";

import { keys, records } from "@/api/records";
import type { GateOverview, ObjectDefinition, Pipeline, Row, Stage } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { mayMove, stageOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { usePhone } from "@/design/media";
import { formatRelative } from "@/format/date";

import { useMove } from "../gate/move";
import styles from "./path.module.css";
import { ShortPath } from "./ShortPath";

interface Props {
  object: ObjectDefinition;
  pipeline: Pipeline;
  row: Row;
}

/** Where the record stands among the stages; pressing a stage moves there (or opens what is missing). */
export function StagePath({ object, pipeline, row }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const phone = usePhone();
  const move = useMove(object);
  const [busy, setBusy] = useState<string | null>(null);
  const { data: gate } = useQuery({
    queryKey: keys.gate(object.name, row.id),
    queryFn: ({ signal }) => records.gate(object.name, row.id, signal),
  });
  const current = String(row[pipeline.field] ?? "");
  const movable = mayMove(object, pipeline, row);
  const go = async (to: string) => {
    if (to === current || !movable) return;
    setBusy(to);
    await move(row, to);
    setBusy(null);
  };
  const since = typeof row.stage_since === "string" ? formatRelative(row.stage_since, t) : "";
  if (phone) {
    const demands = gate?.stages.find((stage) => stage.name === current)?.deliverables ?? [];
    const tally = demands.length > 0 ? `${demands.filter((one) => one.met).length}/${demands.length}` : "";
    return (
      <ShortPath
        pipeline={pipeline}
        current={current}
        since={since}
        tally={tally}
        movable={movable}
        onGo={(to) => void go(to)}
      />
    );
  }
  const open = pipeline.stages.filter((stage) => stage.kind === "open");
  const closed = pipeline.stages.filter((stage) => stage.kind !== "open");
  const standing = stageOf(pipeline, current);
  return (
    <div className={styles.path}>
      <ol className={styles.steps} aria-label={say(pipeline.label)}>
        {open.map((stage) => (
          <Step
            key={stage.name}
            stage={stage}
            state={stateOf(stage, pipeline, standing)}
            gate={gate}
            since={stage.name === current ? since : ""}
            busy={busy === stage.name}
            disabled={!movable}
            onGo={() => void go(stage.name)}
          />
        ))}
      </ol>
      <div className={styles.ends}>
        {closed.map((stage) => {
          const Icon = stage.kind === "won" ? Trophy : X;
          const on = stage.name === current;
          return (
            <button
              key={stage.name}
              type="button"
              className={cx(styles.end, on && styles[stage.kind])}
              disabled={!movable || busy !== null}
              aria-current={on ? "step" : undefined}
              onClick={() => void go(stage.name)}
            >
              <Icon size={14} aria-hidden />
              {say(stage.label)}
            </button>
          );
        })}
      </div>
    </div>
  );
}

type State = "passed" | "current" | "ahead";

function stateOf(stage: Stage, pipeline: Pipeline, standing: Stage | null): State {
  if (stage.name === standing?.name) return "current";
  if (standing?.kind === "lost") return "ahead";
  const at = pipeline.stages.findIndex((one) => one.name === standing?.name);
  return pipeline.stages.indexOf(stage) < at ? "passed" : "ahead";
}

/** How the gate of a stage stands: passed with proof, passed on an override, shut, or open to go on. */
type Standing = "proven" | "unproven" | "shut" | "clear";

const MARKS: Partial<Record<Standing, LucideIcon>> = { proven: Check, unproven: CircleSlash2, shut: Lock, clear: Check };

function gateOf(gate: GateOverview, stage: Stage, state: State): Standing | null {
  const known = gate.stages.find((one) => one.name === stage.name);
  if (!known || state === "ahead") return null;
  if (state === "passed") return known.overridden ? "unproven" : "proven";
  const leaving = known.deliverables.filter((one) => stage.exit.some((item) => item.name === one.name));
  return leaving.some((one) => one.hard && !one.met) ? "shut" : "clear";
}

interface StepProps {
  stage: Stage;
  state: State;
  gate: GateOverview | undefined;
  since: string;
  busy: boolean;
  disabled: boolean;
  onGo: () => void;
}

function Step({ stage, state, gate, since, busy, disabled, onGo }: StepProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const known = gate?.stages.find((one) => one.name === stage.name);
  const standing = gate ? gateOf(gate, stage, state) : null;
  const lacking = known?.deliverables.filter((one) => !one.met).map((one) => say(one.label)) ?? [];
  const total = known?.deliverables.length ?? 0;
  const hint = [
    standing ? t(`gate.stands.${standing}`) : "",
    total > 0 ? t("gate.progress", { done: total - lacking.length, total }) : "",
    lacking.length > 0 ? t("timeline.missing", { names: lacking.join(t("filter.comma")) }) : "",
    since,
  ]
    .filter(Boolean)
    .join(" · ");
  const Mark = standing ? MARKS[standing] : undefined;
  return (
    <li
      className={cx(styles.step, styles[state], standing && styles[standing], busy && styles.busy)}
      aria-current={state === "current" ? "step" : undefined}
    >
      <Tooltip title={hint} mouseEnterDelay={0.3}>
        <button type="button" className={styles.stepButton} disabled={disabled} onClick={onGo}>
          <span className={styles.mark} aria-hidden>
            {Mark ? <Mark size={12} strokeWidth={2.4} /> : null}
          </span>
          <span className={styles.stepText}>
            <span className="cut">{say(stage.label)}</span>
            {state === "current" && total > 0 ? (
              <small className={styles.tally}>{`${total - lacking.length}/${total}`}</small>
            ) : null}
            {state === "current" ? <small>{since}</small> : null}
          </span>
          <span className="sr-only">{standing ? t(`gate.stands.${standing}`) : t(`gate.stage.${state}`)}</span>
        </button>
      </Tooltip>
    </li>
  );
}
