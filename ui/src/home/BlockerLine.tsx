import { CircleCheck, Lock } from "lucide-react";

import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { pipelineOf, stageOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";

import type { Blockers } from "./answer";
import styles from "./rows.module.css";

/** What a record still lacks for its next stage. */
export function BlockerLine({ object, blockers }: { object: ObjectDefinition; blockers: Blockers | undefined }) {
  const { t } = useTranslation();
  const say = useLabel();
  const pipeline = pipelineOf(useCatalog(), object);
  if (!blockers) return null;
  const stage = say(stageOf(pipeline, blockers.to)?.label) || blockers.to;
  const lacking = blockers.unmet.filter((item) => item.hard);
  const shown = lacking.length > 0 ? lacking : blockers.unmet;
  const things = shown.map((item) => say(item.label)).join(t("home.and"));
  if (shown.length === 0) {
    return (
      <p className={styles.ready}>
        <CircleCheck size={12} aria-hidden /> {t("home.ready", { stage })}
      </p>
    );
  }
  const text = lacking.length > 0 ? t("home.blocked", { stage, things }) : t("home.advised", { stage, things });
  return (
    <p className={styles.blocked} title={text}>
      <Lock size={12} aria-hidden /> <span>{text}</span>
    </p>
  );
}
