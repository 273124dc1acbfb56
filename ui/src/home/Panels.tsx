import { type CSSProperties, useState } from "react";

import type { PanelDefinition } from "@/api/home";

import { type Answers, type HomeAnswer, isFailed } from "./answer";
import { balanced, heightIn } from "./balance";
import { ChartPanel } from "./ChartPanel";
import styles from "./home.module.css";
import { ListPanel } from "./ListPanel";
import { PanelFailure, PanelFrame } from "./PanelFrame";
import { Tiles } from "./Tiles";
import { OverridesPanel } from "./OverridesPanel";
import { FallingPanel, NoticesPanel, TimersPanel } from "./WaitingPanels";

interface Props {
  panels: PanelDefinition[];
  answer: HomeAnswer;
  retry: () => void;
}

/**
 * The figures in a row, below them the wide panels beside the narrow ones; on a phone all in their own order. Where a
 * panel stands is settled once: what comes in later moves none.
 */
export function Panels({ panels, answer, retry }: Props) {
  const figures = panels.filter((panel) => panel.kind === "figure");
  const rest = panels.filter((panel) => panel.kind !== "figure");
  const [columns] = useState(() => balanced(rest, heightIn(answer.panels)));
  const place = (panel: PanelDefinition) => (
    <div key={panel.name} className={styles.place} style={placed(rest.indexOf(panel))}>
      <AnyPanel panel={panel} answer={answer} retry={retry} />
    </div>
  );
  return (
    <>
      {figures.length > 0 ? <Tiles panels={figures} answers={answer.panels} whose={answer.whose} /> : null}
      <div className={styles.columns}>
        <div className={styles.wide}>
          {columns.wide.map(place)}
          {columns.pairs.length > 0 ? <div className={styles.pairs}>{columns.pairs.map(place)}</div> : null}
        </div>
        <div className={styles.narrow}>{columns.narrow.map(place)}</div>
      </div>
    </>
  );
}

/** Its place among all, where they stand in one column. */
export function placed(index: number): CSSProperties {
  return { "--place": index } as CSSProperties;
}

function AnyPanel({ panel, answer, retry }: { panel: PanelDefinition; answer: HomeAnswer; retry: () => void }) {
  const found = answer.panels[panel.name];
  const { whose } = answer;
  if (!found) return null;
  if (isFailed(found)) {
    return (
      <PanelFrame panel={panel} whose={whose}>
        <PanelFailure reason={found.error} retry={retry} />
      </PanelFrame>
    );
  }
  switch (panel.kind) {
    case "list":
      return <ListPanel panel={panel} answer={found as Answers["list"]} whose={whose} />;
    case "chart":
      return <ChartPanel panel={panel} answer={found as Answers["chart"]} whose={whose} />;
    case "timers":
      return <TimersPanel panel={panel} answer={found as Answers["timers"]} whose={whose} />;
    case "notices":
      return <NoticesPanel panel={panel} answer={found as Answers["notices"]} whose={whose} />;
    case "overrides":
      return <OverridesPanel panel={panel} answer={found as Answers["overrides"]} whose={whose} />;
    case "falling":
      return <FallingPanel panel={panel} answer={found as Answers["falling"]} whose={whose} />;
    default:
      return null;
  }
}
