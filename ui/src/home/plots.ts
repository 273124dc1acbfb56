import type { EChartsCoreOption } from "echarts/core";

import { hueOf, type Palette } from "@/app/theme/tokens";
import { figureAxis, nameAxis } from "@/design/chart/theme";

/** One bar: its name, hue, figure, and the figure in words. */
export interface Bar {
  name: string;
  color?: string;
  value: number;
  text: string;
}

const THICK = 18;

/** Bars from the left, each with its figure behind it. */
export function bars(data: readonly Bar[], palette: Palette): EChartsCoreOption {
  return {
    ...lying(data, palette, behind(data)),
    series: [{ ...solid(data, palette), label: said(data, palette, "right") }],
  };
}

/** Bars about the middle, one stage below the other. */
export function funnel(data: readonly Bar[], palette: Palette): EChartsCoreOption {
  const most = Math.max(1, ...data.map((bar) => bar.value));
  const gap = data.map((bar) => (most - bar.value) / 2);
  const unseen = { type: "bar", stack: "all", silent: true, itemStyle: { color: "transparent" }, barWidth: 26 };
  return {
    ...lying(data, palette, Math.max(150, behind(data))),
    xAxis: { type: "value", show: false, max: most },
    series: [
      { ...unseen, data: gap },
      { ...solid(data, palette), stack: "all", barWidth: 26 },
      {
        ...unseen,
        data: gap.map((value) => Math.max(value, most * 0.0001)),
        label: { ...said(data, palette, "right"), position: "insideRight", align: "left", offset: [8, 0] },
      },
    ],
  };
}

/** Columns over time. */
export function columns(
  data: readonly Bar[],
  palette: Palette,
  format: (value: number) => string,
): EChartsCoreOption {
  return {
    grid: { left: 4, right: 8, top: 16, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: tip(data),
    xAxis: nameAxis(palette, data.map((bar) => bar.name)),
    yAxis: figureAxis(palette, format),
    series: [{ ...solid(data, palette), barWidth: undefined, barMaxWidth: 32 }],
  };
}

function lying(data: readonly Bar[], palette: Palette, right: number): EChartsCoreOption {
  return {
    grid: { left: 4, right, top: 4, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: tip(data),
    xAxis: { type: "value", show: false },
    yAxis: nameAxis(
      palette,
      data.map((bar) => bar.name),
      {
        inverse: true,
        axisLine: { show: false },
        axisLabel: { color: palette.ink2, width: 92, overflow: "truncate" },
      },
    ),
  };
}

function solid(data: readonly Bar[], palette: Palette) {
  return {
    type: "bar",
    barWidth: THICK,
    data: data.map((bar) => ({
      value: bar.value,
      itemStyle: { color: bar.color ? palette.hues[hueOf(bar.color)].dot : palette.accent, borderRadius: 3 },
    })),
    emphasis: { itemStyle: { opacity: 0.86 } },
  };
}

function said(data: readonly Bar[], palette: Palette, position: string) {
  return {
    show: true,
    position,
    color: palette.ink2,
    formatter: ({ dataIndex }: { dataIndex: number }) => data[dataIndex]?.text ?? "",
  };
}

function tip(data: readonly Bar[]) {
  return {
    trigger: "item",
    formatter: ({ dataIndex }: { dataIndex: number }) => {
      const bar = data[dataIndex];
      return bar ? `${escaped(bar.name)}<br/><b>${escaped(bar.text)}</b>` : "";
    },
  };
}

/** Room for the longest figure behind a bar, in px. */
function behind(data: readonly Bar[]): number {
  return 16 + Math.max(0, ...data.map((bar) => [...bar.text].reduce((sum, one) => sum + (one > "\u2000" ? 12 : 7), 0)));
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
