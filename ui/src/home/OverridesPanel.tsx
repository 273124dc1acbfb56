import { Segmented } from "antd";
import { useState } from "react";

import type { PanelDefinition } from "@/api/home";
import { useTranslation } from "@/app/translation";
import { pipelineOf, stageOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Avatar } from "@/design/Avatar";
import { cx } from "@/design/cx";
import { RecordLink } from "@/design/RecordLink";
import { Time } from "@/design/Time";

import type { Answers, OverrideItem, Whose } from "./answer";
import { Nothing, PanelFrame } from "./PanelFrame";
import { type By, tally } from "./tally";
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
  const say = useLabel();
  const catalog = useCatalog();
  const object = catalog.objects[panel.object ?? ""];
  const pipeline = object ? pipelineOf(catalog, object) : null;
  const [by, setBy] = useState<By>("person");
  const [picked, setPicked] = useState<string | null>(null);
  const groups = tally(answer.items, by);
  const items = picked === null ? answer.items.slice(0, SHOWN) : (groups.find((group) => group.key === picked)?.items ?? []);
  const named = (key: string, item: OverrideItem | undefined): string => {
    if (by === "person") return item?.by?.label ?? t("home.somebody");
    if (by === "stage") return key ? say(stageOf(pipeline, key)?.label) || key : t("home.overrides.vouched");
    return say(answer.labels[key]) || key;
  };
  return (
    <PanelFrame panel={panel} whose={whose} count={answer.items.length > 0 ? String(answer.items.length) : undefined}>
      {answer.items.length === 0 || !object ? (
        <Nothing panel={panel} />
      ) : (
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
              setPicked(null);
            }}
          />
          <ul className={styles.tallies}>
            {groups.slice(0, SHOWN).map((group) => (
              <li key={group.key}>
                <button
                  type="button"
                  className={cx(styles.tally, picked === group.key && styles.picked)}
                  aria-pressed={picked === group.key}
                  onClick={() => setPicked(picked === group.key ? null : group.key)}
                >
                  <span>{named(group.key, group.items[0])}</span>
                  <b>{group.items.length}</b>
                </button>
              </li>
            ))}
          </ul>
          <ul className={styles.list}>
            {items.map((item) => (
              <li key={`${item.id}${item.at}`}>
                <RecordLink object={object.name} id={item.id} className={styles.item}>
                  <span className={styles.mark}>
                    <Avatar name={item.by?.label ?? "?"} size={20} />
                  </span>
                  <span className={styles.body}>
                    <span className={styles.text}>{item.title ?? item.id.slice(0, 8)}</span>
                    <span className={styles.note}>
                      {item.vouched
                        ? t("home.vouched", { who: item.by?.label ?? t("home.somebody"), reason: item.reason })
                        : t("home.override", {
                            who: item.by?.label ?? t("home.somebody"),
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
            ))}
          </ul>
        </>
      )}
    </PanelFrame>
  );
}
