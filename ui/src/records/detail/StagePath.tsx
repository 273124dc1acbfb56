import { useQuery } from "@tanstack/react-query";
import { Tooltip } from "antd";
import { Check, CircleSlash2, Trophy, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { keys, records } from "@/api/records";
import type { GateOverview, ObjectDefinition, Pipeline, Row, Stage } from "@/api/types";
import { may, stageOf } from "@/catalog/catalog";
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
  const movable = may(object, "update") && !row.archived_at;
  const go = async (to: string) => {
    if (to === current || !movable) return;
    setBusy(to);
    await move(row, to);
    setBusy(null);
  };
  const since = typeof row.stage_since === "string" ? formatRelative(row.stage_since, t) : "";
  if (phone)
    return (
      <ShortPath pipeline={pipeline} current={current} since={since} movable={movable} onGo={(to) => void go(to)} />
    );
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
  const total = known?.deliverables.length ?? 0;
  const met = known?.deliverables.filter((one) => one.met).length ?? 0;
  const unproven = known?.overridden;
  const hint = [total > 0 ? t("gate.progress", { done: met, total }) : "", unproven ? t("gate.unproven") : "", since]
    .filter(Boolean)
    .join(" · ");
  return (
    <li
      className={cx(styles.step, styles[state], busy && styles.busy)}
      aria-current={state === "current" ? "step" : undefined}
    >
      <Tooltip title={hint} mouseEnterDelay={0.3}>
        <button type="button" className={styles.stepButton} disabled={disabled} onClick={onGo}>
          <span className={styles.mark} aria-hidden>
            {unproven ? <CircleSlash2 size={13} /> : state === "passed" ? <Check size={13} strokeWidth={2.6} /> : null}
          </span>
          <span className={styles.stepText}>
            <span className="cut">{say(stage.label)}</span>
            {state === "current" ? <small>{since || (total > 0 ? `${met}/${total}` : "")}</small> : null}
          </span>
          <span className="sr-only">{t(`gate.stage.${state}`)}</span>
        </button>
      </Tooltip>
    </li>
  );
}
