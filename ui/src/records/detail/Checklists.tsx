import { useQueryClient } from "@tanstack/react-query";
import { App, Checkbox } from "antd";
import { useState } from "react";

import { records } from "@/api/records";
import type { DeliverableState, ObjectDefinition, Row, StageState } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { Time } from "@/design/Time";

import { spoilRecords } from "../cache";
import styles from "./checklists.module.css";

interface Props {
  object: ObjectDefinition;
  row: Row;
  stages: StageState[];
  editable: boolean;
}

/** The object's checklists: sub-steps of all stages, ticked here as well as there. */
export function Checklists({ object, row, stages, editable }: Props) {
  const say = useLabel();
  const states = stages.flatMap((stage) => stage.deliverables);
  return (object.checklists ?? []).map((checklist) => {
    const steps = checklist.steps.flatMap((name) => states.find((one) => one.name === name) ?? []);
    const done = steps.filter((step) => step.met).length;
    return (
      <section key={checklist.name} className={styles.checklist} aria-label={say(checklist.label)}>
        <h3 title={say(checklist.help)}>
          {say(checklist.label)}
          <small>{`${done}/${steps.length}`}</small>
        </h3>
        <ul>
          {steps.map((step) => (
            <Step key={step.name} object={object} row={row} step={step} editable={editable} />
          ))}
        </ul>
      </section>
    );
  });
}

function Step({ object, row, step, editable }: { object: ObjectDefinition; row: Row; step: DeliverableState; editable: boolean }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const tick = async (done: boolean) => {
    setBusy(true);
    try {
      await records.substep(object.name, row.id, step.name, done);
    } catch (error) {
      void message.error(messageOf(error) || t("error.offline"));
    } finally {
      await spoilRecords(client);
      setBusy(false);
    }
  };
  return (
    <li>
      <Checkbox checked={step.met} disabled={!editable || busy} onChange={(event) => void tick(event.target.checked)}>
        {say(step.label)}
        {step.hard ? <span className={styles.required}>{t("gate.required")}</span> : null}
      </Checkbox>
      {step.at ? <Time value={step.at} /> : null}
    </li>
  );
}
