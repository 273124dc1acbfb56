import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { lazy, Suspense } from "react";

import type { ObjectDefinition, Row } from "@/api/types";
import { PageTitle } from "@/app/shell/slot";
import { useTranslation } from "@/app/translation";
import { pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { cx } from "@/design/cx";
import { useMedia } from "@/design/media";
import { StandingCard } from "@/scores/StandingCard";

import { QuickBar } from "../quick/QuickBar";
import { titleOf } from "../summary";
import styles from "./detail.module.css";
import { Files } from "./Files";
import { GatePanel } from "./GatePanel";
import { NextStepBar } from "./NextStep";
import { Properties } from "./Properties";
import { RecordHeader } from "./RecordHeader";
import { Related } from "./Related";
import { StagePath } from "./StagePath";
import { Timeline } from "./Timeline";

const ConflictBanner = lazy(() =>
  import("@/conflicts/ConflictBanner").then((module) => ({ default: module.ConflictBanner })),
);

interface Tab {
  name: string;
  text: string;
}

/** One record: who and how much, where it stands, its fields, what hangs on it, and what happened to it. */
export function MetaDetail({ object, row }: { object: ObjectDefinition; row: Row }) {
  const { t } = useTranslation();
  const say = useLabel();
  const catalog = useCatalog();
  const pipeline = pipelineOf(catalog, object);
  const roomy = useMedia("(min-width: 1100px)");
  const { tab } = useSearch({ from: "/shell/records/$object/$id" });
  const navigate = useNavigate({ from: "/records/$object/$id" });
  const children = object.children.filter((child) => catalog.objects[child.object]?.can.read);
  const tabs: Tab[] = [
    { name: "fields", text: t("detail.fields") },
    ...(pipeline && !roomy ? [{ name: "gate", text: t("gate.panel") }] : []),
    { name: "timeline", text: t("detail.timeline") },
    ...children.map((child) => ({ name: child.name, text: say(child.label) })),
    { name: "files", text: t("detail.files") },
  ];
  const current = tabs.find((one) => one.name === tab)?.name ?? "fields";
  const child = children.find((one) => one.name === current);
  const title = titleOf(object, row);
  return (
    <>
      <PageTitle text={title}>
        <Link to="/records/$object" params={{ object: object.name }} search={{}} className={styles.crumb}>
          <ChevronLeft size={22} className={styles.back} aria-hidden />
          <ObjectIcon name={object.icon} />
          <span>{say(object.plural)}</span>
        </Link>
        <ChevronRight size={14} className={styles.crumbMark} aria-hidden />
        <span className={cx(styles.crumbTitle, "cut")}>{title}</span>
      </PageTitle>
      <div className={styles.page}>
        <div className={styles.main}>
          <RecordHeader object={object} row={row} title={title} />
          <Suspense fallback={null}>
            <ConflictBanner object={object} row={row} />
          </Suspense>
          {pipeline ? <StagePath object={object} pipeline={pipeline} row={row} /> : null}
          {pipeline ? <NextStepBar object={object} pipeline={pipeline} row={row} /> : null}
          {catalog.scores
            .filter((score) => score.object === object.name)
            .map((score) => (
              <StandingCard key={score.name} score={score} id={row.id} />
            ))}
          <QuickBar object={object} row={row} />
          <div className={styles.tabs} role="tablist" aria-label={title}>
            {tabs.map((one) => (
              <button
                key={one.name}
                type="button"
                role="tab"
                aria-selected={one.name === current}
                className={cx(styles.tab, one.name === current && styles.on)}
                onClick={() => void navigate({ search: { tab: one.name }, replace: true })}
              >
                {one.text}
              </button>
            ))}
          </div>
          <div className={styles.content} role="tabpanel">
            <div hidden={current !== "fields"}>
              <Properties object={object} row={row} />
            </div>
            {current === "gate" && pipeline ? <GatePanel object={object} pipeline={pipeline} row={row} /> : null}
            {current === "timeline" ? <Timeline object={object} row={row} /> : null}
            {current === "files" ? <Files object={object} row={row} /> : null}
            {child ? <Related key={child.name} parent={object} row={row} child={child} /> : null}
          </div>
        </div>
        {roomy && (pipeline || current !== "timeline") ? (
          <aside className={styles.side} aria-label={pipeline ? t("gate.panel") : t("detail.timeline")}>
            {pipeline ? (
              <GatePanel object={object} pipeline={pipeline} row={row} />
            ) : (
              <>
                <h2 className={styles.sideTitle}>{t("detail.timeline")}</h2>
                <Timeline object={object} row={row} />
              </>
            )}
          </aside>
        ) : null}
      </div>
    </>
  );
}
