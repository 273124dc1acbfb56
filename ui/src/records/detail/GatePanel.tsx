import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { ArrowRight, ChevronRight, ShieldAlert } from "lucide-react";
import { useState } from "react";

import { keys, records } from "@/api/records";
import type { ObjectDefinition, Override, Pipeline, Row, StageState } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { mayDo, mayMove, stageOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { cx } from "@/design/cx";
import { Failure } from "@/design/Failure";
import { Time } from "@/design/Time";

import { demandOf } from "../gate/deliverable";
import { DemandItem } from "../gate/DemandItem";
import gate from "../gate/gate.module.css";
import { useMove } from "../gate/move";
import { Checklists } from "./Checklists";
import { FieldNow } from "./FieldNow";
import styles from "./panel.module.css";

interface Props {
  object: ObjectDefinition;
  pipeline: Pipeline;
  row: Row;
}

/** What each stage demands and how far it is met; what the present stage lacks can be given right here. */
export function GatePanel({ object, pipeline, row }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const move = useMove(object);
  const [busy, setBusy] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: keys.gate(object.name, row.id),
    queryFn: ({ signal }) => records.gate(object.name, row.id, signal),
  });
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <BoneLines lines={6} />;
  const current = data.stages.find((stage) => stage.state === "current");
  const next = stageOf(pipeline, data.next);
  const others = data.stages.filter(
    (stage) => stage !== current && stage.kind !== "lost" && stage.deliverables.length > 0,
  );
  const editable = mayDo(object, row, "update");
  const met = current?.deliverables.filter((one) => one.met).length ?? 0;
  const total = current?.deliverables.length ?? 0;
  const advance = async (to: string) => {
    setBusy(true);
    await move(row, to);
    setBusy(false);
  };
  return (
    <div className={styles.panel}>
      <header className={styles.head}>
        <h2>{t("gate.panel")}</h2>
        {total > 0 ? <span className={styles.progress}>{`${met}/${total}`}</span> : null}
      </header>
      {total > 0 ? (
        <div
          className={styles.meter}
          role="progressbar"
          aria-valuenow={met}
          aria-valuemin={0}
          aria-valuemax={total}
          aria-label={t("gate.panel")}
        >
          <span style={{ width: `${(met / total) * 100}%` }} />
        </div>
      ) : null}
      <Checklists object={object} row={row} stages={data.stages} editable={editable} />
      {current && total > 0 ? (
        <StageDemands object={object} row={row} stage={current} editable={editable} />
      ) : (
        <p className={styles.quiet}>{t("gate.nothing")}</p>
      )}
      {next && mayMove(object, pipeline, row) ? (
        <Button
          block
          type={met === total ? "primary" : "default"}
          loading={busy}
          icon={<ArrowRight size={15} />}
          iconPlacement="end"
          onClick={() => void advance(next.name)}
        >
          {t("gate.goTo", { stage: say(next.label) })}
        </Button>
      ) : null}
      <Overrides overrides={data.overrides ?? []} />
      {others.length > 0 ? (
        <section className={styles.others}>
          {others.map((stage) => (
            <OtherStage key={stage.name} object={object} row={row} stage={stage} />
          ))}
        </section>
      ) : null}
    </div>
  );
}

interface StageProps {
  object: ObjectDefinition;
  row: Row;
  stage: StageState;
  editable: boolean;
}

function StageDemands({ object, row, stage, editable }: StageProps) {
  const say = useLabel();
  return (
    <ul className={gate.list}>
      {stage.deliverables.map((item) => {
        const demand = demandOf(item, stage.name, say);
        return (
          <DemandItem
            key={demand.key}
            object={object}
            row={row}
            demand={demand}
            unproven={item.overridden}
            editable={editable}
            fieldInput={demand.field ? <FieldNow object={object} row={row} name={demand.field} /> : null}
          />
        );
      })}
    </ul>
  );
}

/** Who went past a gate, when and why. */
function Overrides({ overrides }: { overrides: Override[] }) {
  const { t } = useTranslation();
  const [last] = overrides;
  if (!last) return null;
  return (
    <div className={styles.overridden}>
      <p>
        <ShieldAlert size={14} aria-hidden />
        <b>{t("gate.overriddenBy", { name: last.by?.label ?? t("timeline.system") })}</b>
        <Time value={last.at} />
      </p>
      <p className={styles.overrideReason}>{last.reason}</p>
    </div>
  );
}

function OtherStage({ object, row, stage }: { object: ObjectDefinition; row: Row; stage: StageState }) {
  const { t } = useTranslation();
  const say = useLabel();
  const [open, setOpen] = useState(false);
  const met = stage.deliverables.filter((one) => one.met).length;
  const unproven = stage.deliverables.some((one) => one.overridden);
  return (
    <div>
      <button type="button" className={styles.other} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={14} className={cx(styles.turn, open && styles.turned)} aria-hidden />
        <span>{say(stage.label)}</span>
        {unproven ? <span className={styles.unproven}>{t("gate.unproven")}</span> : null}
        <span className={styles.progress}>{`${met}/${stage.deliverables.length}`}</span>
      </button>
      {open ? <StageDemands object={object} row={row} stage={stage} editable={false} /> : null}
    </div>
  );
}
