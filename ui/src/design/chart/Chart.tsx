import type { EChartsCoreOption, EChartsType } from "echarts/core";
import { useEffect, useRef } from "react";

import { useTheme } from "@/app/theme/ThemeProvider";
import type { Palette } from "@/app/theme/tokens";
import { PALETTES } from "@/app/theme/tokens";
import { cx } from "@/design/cx";
import { useMedia } from "@/design/media";

import styles from "./Chart.module.css";
import type { ChartTable } from "./ChartTable";
import { Table } from "./ChartTable";
import { themed } from "./theme";

interface Props {
  /** What the chart is about, for those who don't see it. */
  label: string;
  /** The chart in the colours of the palette; keep it the same as long as nothing changes. */
  option: (palette: Palette) => EChartsCoreOption;
  height: number;
  /** The same in words and figures: read out instead of the chart, shown in its place when `asTable`, and on paper. */
  table: ChartTable;
  asTable?: boolean;
  /** What happens on a click on the n-th item. */
  onPick?: (index: number) => void;
}

/** A chart in the page's own colours, and the table that it stands for. The engine comes with the first one. */
export function Chart({ label, option, height, table, asTable, onPick }: Props) {
  const { mode } = useTheme();
  const still = useMedia("(prefers-reduced-motion: reduce)");
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const pick = useRef(onPick);
  useEffect(() => {
    pick.current = onPick;
  });
  useEffect(() => {
    const element = box.current;
    if (!element || asTable) return;
    let gone = false;
    const watch = new ResizeObserver(() => chart.current?.resize());
    const palette = PALETTES[mode];
    void import("./engine").then(({ init }) => {
      if (gone) return;
      chart.current ??= init(element, null, { renderer: "svg" });
      chart.current.setOption({ ...themed(palette), animation: !still, ...option(palette) }, { notMerge: true });
      chart.current.off("click");
      chart.current.on("click", (event) => pick.current?.(event.dataIndex ?? 0));
      watch.observe(element);
    });
    return () => {
      gone = true;
      watch.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [option, mode, still, asTable]);
  return (
    <figure className={styles.figure} aria-label={label}>
      {asTable ? null : (
        <div ref={box} className={cx(styles.box, onPick && styles.live)} style={{ height }} aria-hidden />
      )}
      <Table table={table} hidden={!asTable} caption={label} />
    </figure>
  );
}
