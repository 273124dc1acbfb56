import { FONT, type Palette } from "@/app/theme/tokens";

/** What every chart begins with: the page's type, quiet lines, and tooltips like the page's own. */
export function themed(palette: Palette): object {
  return {
    textStyle: { fontFamily: FONT, fontSize: 12, color: palette.ink2 },
    color: [palette.accent, ...(["blue", "amber", "purple", "cyan", "pink"] as const).map((hue) => palette.hues[hue].dot)],
    animationDuration: 150,
    animationDurationUpdate: 150,
    tooltip: {
      confine: true,
      transitionDuration: 0.1,
      backgroundColor: palette.raised,
      borderColor: palette.line,
      borderWidth: 1,
      padding: [6, 10],
      textStyle: { color: palette.ink, fontSize: 12 },
      extraCssText: `box-shadow: ${palette.shadow}; border-radius: 6px;`,
    },
  };
}

/** An axis of figures: few quiet lines, short sums. */
export function figureAxis(palette: Palette, format: (value: number) => string): object {
  return {
    type: "value",
    splitNumber: 3,
    axisLabel: { color: palette.ink3, formatter: format },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

/** An axis of names. */
export function nameAxis(palette: Palette, names: readonly string[], more: object = {}): object {
  return {
    type: "category",
    data: names,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.ink2 },
    ...more,
  };
}
