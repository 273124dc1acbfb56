import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Popover } from "antd";
import { ArrowRight, Check, CircleCheckBig, Compass, PencilLine, Plus, Upload } from "lucide-react";
import { useId, useState } from "react";

import { keys, records } from "@/api/records";
import type { ObjectDefinition, Pipeline, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { may, mayDo, mayMove, stageOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { messageOf } from "@/design/Failure";
import { useFiling } from "@/outbox/useFiling";

import { spoilRecords } from "../cache";
import { useCreate } from "../create/context";
import { belongingOf, type Demand, demandOf, newAmong } from "../gate/deliverable";
import { useMove } from "../gate/move";
import { FieldNow } from "./FieldNow";
import { nextStepOf } from "./next";
import styles from "./next.module.css";

interface Props {
  object: ObjectDefinition;
  pipeline: Pipeline;
  row: Row;
}

/** The next best step in words, with the button that does it. */
export function NextStepBar({ object, pipeline, row }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const move = useMove(object);
  const [busy, setBusy] = useState(false);
  const { data: gate } = useQuery({
    queryKey: keys.gate(object.name, row.id),
    queryFn: ({ signal }) => records.gate(object.name, row.id, signal),
  });
  if (!gate) return <div className={cx(styles.bar, styles.waiting)} aria-hidden />;
  const step = nextStepOf(gate, pipeline);
  if (!step) return null;
  const editable = mayDo(object, row, "update");
  const target = say(stageOf(pipeline, step.to)?.label);
  const go = async () => {
    setBusy(true);
    await move(row, step.to);
    setBusy(false);
  };
  if (step.kind === "go") {
    return (
      <section className={cx(styles.bar, styles.ready)} aria-label={t("record.next.region")}>
        <CircleCheckBig size={18} className={styles.icon} aria-hidden />
        <p className={styles.words}>
          <b>{t("record.next.ready")}</b>
          <span>{step.soft > 0 ? t("record.next.soft", { count: step.soft }) : t("record.next.open", { target })}</span>
        </p>
        {mayMove(object, pipeline, row) ? (
          <Button
            type="primary"
            loading={busy}
            icon={<ArrowRight size={15} />}
            iconPlacement="end"
            onClick={() => void go()}
          >
            {t("record.next.go", { target })}
          </Button>
        ) : null}
      </section>
    );
  }
  const demand = demandOf(step.item, step.stage, say);
  return (
    <section className={styles.bar} aria-label={t("record.next.region")}>
      <Compass size={18} className={styles.icon} aria-hidden />
      <p className={styles.words}>
        <b>
          {t("record.next.title")}
          {t("record.next.colon")}
          {t(`record.next.do.${demand.kind}`, { name: demand.label })}
        </b>
        <span>
          {demand.hint ? `${demand.hint} · ` : ""}
          {t("record.next.left", { count: step.left, target })}
        </span>
      </p>
      {editable ? <Doing object={object} row={row} demand={demand} onLook={() => void go()} looking={busy} /> : null}
    </section>
  );
}

interface DoingProps {
  object: ObjectDefinition;
  row: Row;
  demand: Demand;
  /** Shows all that the gate lacks. */
  onLook: () => void;
  looking: boolean;
}

/** The button that meets a deliverable right here. */
function Doing({ object, row, demand, onLook, looking }: DoingProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const client = useQueryClient();
  const { objects } = useCatalog();
  const create = useCreate();
  const picker = useId();
  const put = useFiling(object, row);
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(false);
      await spoilRecords(client);
    }
  };
  if (demand.kind === "checklist") {
    return (
      <Button
        type="primary"
        icon={<Check size={15} />}
        loading={busy}
        onClick={() => void attempt(() => records.substep(object.name, row.id, demand.name, true))}
      >
        {t("record.next.tick")}
      </Button>
    );
  }
  if (demand.kind === "file") {
    return (
      <>
        <input
          id={picker}
          className="sr-only"
          type="file"
          multiple
          tabIndex={-1}
          aria-label={demand.label}
          onChange={(event) => {
            const files = [...(event.target.files ?? [])];
            event.target.value = "";
            void attempt(async () => {
              for (const file of files) await put(demand.fileKind ?? demand.name, file);
            });
          }}
        />
        <Button
          type="primary"
          icon={<Upload size={15} />}
          loading={busy}
          onClick={() => document.getElementById(picker)?.click()}
        >
          {t("record.next.upload")}
        </Button>
      </>
    );
  }
  if (demand.kind === "field" && demand.field) {
    return (
      <Popover
        trigger="click"
        placement="bottomRight"
        destroyOnHidden
        title={demand.label}
        content={
          <div className={styles.field}>
            <FieldNow object={object} row={row} name={demand.field} autoFocus />
          </div>
        }
      >
        <Button type="primary" icon={<PencilLine size={15} />}>
          {t("record.next.fill")}
        </Button>
      </Popover>
    );
  }
  const belonging = demand.kind === "record" && demand.of ? belongingOf(objects, object, row, demand.of) : null;
  const child = belonging ? objects[belonging.child.object] : undefined;
  if (belonging && child && may(child, "create")) {
    return (
      <Button
        type="primary"
        icon={<Plus size={15} />}
        onClick={() => create({ ...newAmong(belonging, demand.values), onCreated: () => void spoilRecords(client) })}
      >
        {t("action.createThing", { thing: say(child.label) })}
      </Button>
    );
  }
  return (
    <Button loading={looking} onClick={onLook}>
      {t("record.next.look")}
    </Button>
  );
}
