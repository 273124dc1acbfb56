import { Alert, Button, Select } from "antd";

import type { HistoryPlan, LogPreview } from "@/api/histories";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { formatNumber } from "@/format/number";

import styles from "../importing.module.css";
import { SaveAs, TextOption } from "../TextOption";
import { ActivityRow } from "./ActivityRow";
import { AddSet } from "./AddSet";
import { AttributeRow } from "./AttributeRow";
import { fillable, knownBy, type LogChoice, TRACE_NAME, unfilled } from "./log";

interface Props {
  log: LogPreview;
  choice: LogChoice;
  onChange: (choice: LogChoice) => void;
  onBack: () => void;
  /** The definitions of the chosen set were published. */
  onAdded: () => void;
  onRun: (dry: boolean) => void;
}

/** As what the traces of a log come in, what each of its activities means, and on what terms. */
export function Meanings({ log, choice, onChange, onBack, onAdded, onRun }: Props) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const { objects, pipelines } = useCatalog();
  const figure = (value: number) => formatNumber(value, i18n.language);
  const set = log.sets.find((one) => one.name === choice.set);
  const { plan } = choice;
  const object = plan ? objects[plan.object] : undefined;
  const pipeline = Object.values(pipelines).find((one) => one.object === plan?.object);
  const known = set ? set.known : plan ? knownBy(plan, log) : 0;
  const missing = object && pipeline && plan ? unfilled(object, pipeline, plan) : [];
  const ready = log.unreadable < log.traces && (set ? set.ready : Boolean(plan?.key) && known > 0);
  const share = (events: number) => `${figure(Math.floor((events / Math.max(1, log.events)) * 100))}%`;
  const choose = (value: string) => {
    const [kind, name] = value.split(":");
    const next = log.plans.find((one) => one.plan.object === name);
    onChange({ ...choice, set: kind === "set" ? (name ?? "") : "", plan: kind === "set" ? null : (next?.plan ?? null) });
  };
  const change = (next: HistoryPlan) => onChange({ ...choice, plan: next });
  return (
    <>
      <div className={styles.option}>
        <label htmlFor="as">{t("history.as")}</label>
        <Select
          id="as"
          value={set ? `set:${set.name}` : plan ? `plan:${plan.object}` : undefined}
          options={[
            ...log.sets.map((one) => ({ value: `set:${one.name}`, label: say(one.label), known: one.known })),
            ...log.plans.flatMap((one) => {
              const found = objects[one.plan.object];
              return found ? [{ value: `plan:${found.name}`, label: say(found.plural), known: one.known }] : [];
            }),
          ]}
          optionRender={({ data }) => (
            <span className={styles.choice}>
              {data.label}
              <small>{t("history.knows", { share: share(data.known) })}</small>
            </span>
          )}
          onChange={choose}
        />
        <small>{t("history.known", { known: figure(known), events: figure(log.events), share: share(known) })}</small>
      </div>
      {set && !set.ready ? <AddSet set={set} onAdded={onAdded} /> : null}
      <section>
        <h2 className={styles.heading}>{t("history.activities")}</h2>
        <ul className={styles.map}>
          {log.activities.map((activity) => (
            <ActivityRow
              key={activity.name}
              activity={activity}
              meaning={set?.meanings[activity.name]}
              plan={plan}
              pipeline={pipeline}
              onChange={change}
            />
          ))}
        </ul>
      </section>
      {plan && object && pipeline ? (
        <>
          <section>
            <h2 className={styles.heading}>{t("history.attributes")}</h2>
            <ul className={styles.map}>
              {log.attributes.map((attribute) => (
                <AttributeRow
                  key={attribute.name}
                  attribute={attribute}
                  title={attribute.name === TRACE_NAME ? choice.columns?.case || t("history.traceName") : attribute.name}
                  plan={plan}
                  fields={fillable(object, pipeline)}
                  onChange={change}
                />
              ))}
            </ul>
          </section>
          <div className={styles.option}>
            <label htmlFor="key">{t("history.key")}</label>
            <Select
              id="key"
              value={plan.key || undefined}
              options={fillable(object, pipeline)
                .filter((field) => field.name in plan.fields)
                .map((field) => ({ value: field.name, label: say(field.label) }))}
              onChange={(key) => change({ ...plan, key })}
            />
            <small>{t("history.keyHint")}</small>
          </div>
        </>
      ) : null}
      <TextOption
        id="reason"
        label={t("import.override")}
        hint={t("history.reasonHint")}
        value={choice.reason}
        onChange={(reason) => onChange({ ...choice, reason })}
      />
      {plan ? <SaveAs value={choice.name} onChange={(name) => onChange({ ...choice, name })} /> : null}
      {missing.length > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={t("history.missing", { fields: missing.map((field) => say(field.label)).join(t("filter.comma")) })}
        />
      ) : null}
      <div className={styles.actions}>
        <Button onClick={onBack}>{t("import.other")}</Button>
        <span className={styles.space} />
        <Button disabled={!ready} onClick={() => onRun(true)}>
          {t("import.dry")}
        </Button>
        <Button type="primary" disabled={!ready} onClick={() => onRun(false)}>
          {t("import.run")}
        </Button>
      </div>
    </>
  );
}
