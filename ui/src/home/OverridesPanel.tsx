import { Segmented } from "antd";
import { useState } from "react";

import type { PanelDefinition } from "@/api/home";
import type { ObjectDefinition, Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { pipelineOf, stageOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Avatar } from "@/design/Avatar";
import { cx } from "@/design/cx";
import { RecordLink } from "@/design/RecordLink";
import { Time } from "@/design/Time";

import type { Answers, By, ExceptionGroup, OverrideItem, OverridesAnswer, Whose } from "./answer";
import { Nothing, PanelFrame } from "./PanelFrame";
import { countedUnder } from "./tally";
import styles from "./waiting.module.css";

const SHOWN = 6;

interface Props {
  panel: PanelDefinition;
  answer: Answers["overrides"];
  whose: Whose;
}

/** Gates that somebody went past lately and scans that somebody answered for: counted, with the reasons behind each count. */
export function OverridesPanel({ panel, answer, whose }: Props) {
  const { t } = useTranslation();
  const catalog = useCatalog();
  const object = catalog.objects[panel.object ?? ""];
  const count = answer.more ? `${answer.count}+` : String(answer.count);
  return (
    <PanelFrame panel={panel} whose={whose} count={answer.count > 0 ? count : undefined}>
      {answer.count > 0 && object ? (
        <Exceptions answer={answer} object={object} pipeline={pipelineOf(catalog, object)} />
      ) : answer.more ? null : (
        <Nothing panel={panel} />
      )}
      {answer.more ? <p className={styles.rest}>{t("home.overrides.older")}</p> : null}
    </PanelFrame>
  );
}

interface Told {
  object: ObjectDefinition;
  pipeline: Pipeline | null;
}

/** The counts by person, stage or deliverable, and the newest exceptions, of all or of the count that is pressed. */
function Exceptions({ answer, ...told }: Told & { answer: OverridesAnswer }) {
  const { t } = useTranslation();
  const [by, setBy] = useState<By>("person");
  const [key, setKey] = useState<string | null>();
  const [all, setAll] = useState(false);
  const groups = answer.tallies[by];
  const picked = groups.find((group) => group.key === key);
  const items = picked ? countedUnder(answer.items, by, picked.key) : answer.items.slice(0, SHOWN);
  return (
    <>
      <Segmented
        size="small"
        aria-label={t("home.overrides.by")}
        value={by}
        options={(["person", "stage", "deliverable"] as const).map((value) => ({
          value,
          label: t(`home.overrides.${value}`),
        }))}
        onChange={(value) => {
          setBy(value);
          setKey(undefined);
        }}
      />
      <ul className={styles.tallies}>
        {groups.slice(0, all ? undefined : SHOWN).map((group) => (
          <li key={group.key}>
            <button
              type="button"
              className={cx(styles.tally, group === picked && styles.picked)}
              aria-pressed={group === picked}
              onClick={() => setKey(group === picked ? undefined : group.key)}
            >
              <GroupName group={group} by={by} labels={answer.labels} pipeline={told.pipeline} />
              <b>{group.count}</b>
            </button>
          </li>
        ))}
        {!all && groups.length > SHOWN ? (
          <li>
            <button type="button" className={styles.tally} onClick={() => setAll(true)}>
              {t("home.overrides.others", { count: groups.length - SHOWN })}
            </button>
          </li>
        ) : null}
      </ul>
      <ul className={styles.list}>
        {items.map((item) => (
          <Exception key={`${item.id}${item.at}`} item={item} {...told} />
        ))}
      </ul>
      {picked && picked.count > items.length ? (
        <p className={styles.rest}>
          {items.length > 0
            ? t("home.overrides.latest", { shown: items.length, count: picked.count })
            : t("home.overrides.earlier", { count: answer.items.length })}
        </p>
      ) : null}
    </>
  );
}

interface Named {
  group: ExceptionGroup;
  by: By;
  labels: OverridesAnswer["labels"];
  pipeline: Pipeline | null;
}

/** What a group of exceptions is called: a person, a stage or a deliverable. */
function GroupName({ group: { key, label }, by, labels, pipeline }: Named) {
  const { t } = useTranslation();
  const say = useLabel();
  if (by === "person") return <span>{label ?? t("home.somebody")}</span>;
  if (key === null) return <span>{t("home.overrides.vouched")}</span>;
  return <span>{say(by === "stage" ? stageOf(pipeline, key)?.label : labels[key]) || key}</span>;
}

/** One exception: whose record, who, what for. */
function Exception({ item, object, pipeline }: Told & { item: OverrideItem }) {
  const { t } = useTranslation();
  const say = useLabel();
  const who = item.by?.label ?? t("home.somebody");
  return (
    <li>
      <RecordLink object={object.name} id={item.id} className={styles.item}>
        <span className={styles.mark}>
          <Avatar name={item.by?.label ?? "?"} size={20} />
        </span>
        <span className={styles.body}>
          <span className={styles.text}>{item.title ?? item.id.slice(0, 8)}</span>
          <span className={styles.note}>
            {item.vouched
              ? t("home.vouched", { who, reason: item.reason })
              : t("home.override", {
                  who,
                  stage: say(stageOf(pipeline, item.to)?.label) || item.to,
                  count: item.hard.length + item.soft.length,
                  reason: item.reason,
                })}
          </span>
        </span>
        <span className={styles.when}>
          <Time value={item.at} />
        </span>
      </RecordLink>
    </li>
  );
}
