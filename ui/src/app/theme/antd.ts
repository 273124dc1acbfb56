import type { ThemeConfig } from "antd";
import { theme } from "antd";

import { FONT, type Mode, PALETTES } from "./tokens";

/** antd's theme, drawn from the same palette as the page's own styles; `still` for viewers who want no motion. */
export function antdTheme(mode: Mode, touch: boolean, still: boolean): ThemeConfig {
  const palette = PALETTES[mode];
  return {
    algorithm: mode === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: palette.accent,
      colorInfo: palette.info,
      colorSuccess: palette.success,
      colorWarning: palette.warning,
      colorError: palette.danger,
      colorSuccessBg: palette.hues.green.soft,
      colorWarningBg: palette.hues.amber.soft,
      colorErrorBg: palette.hues.red.soft,
      colorInfoBg: palette.hues.blue.soft,
      colorWarningBorder: palette.hues.amber.soft,
      colorErrorBorder: palette.hues.red.soft,
      colorInfoBorder: palette.hues.blue.soft,
      colorSuccessBorder: palette.hues.green.soft,
      colorLink: palette.accentInk,
      colorText: palette.ink,
      colorTextSecondary: palette.ink2,
      colorTextTertiary: palette.ink3,
      colorTextDescription: palette.ink3,
      colorTextPlaceholder: palette.ink3,
      colorBgBase: palette.canvas,
      colorBgContainer: palette.surface,
      colorBgElevated: palette.raised,
      colorBgLayout: palette.canvas,
      colorBorder: palette.lineStrong,
      colorBorderSecondary: palette.line,
      colorSplit: palette.line,
      colorBgMask: palette.scrim,
      controlItemBgHover: palette.hover,
      controlItemBgActive: palette.accentSoft,
      borderRadius: 6,
      borderRadiusLG: 10,
      fontFamily: FONT,
      fontSize: touch ? 16 : 13,
      controlHeight: touch ? 44 : 32,
      controlHeightSM: touch ? 36 : 26,
      boxShadow: palette.shadow,
      boxShadowSecondary: palette.shadow,
      motionDurationFast: "0.08s",
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.15s",
      motion: !still,
      wireframe: false,
    },
    components: {
      Button: {
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        fontWeight: 500,
        primaryColor: palette.onAccent,
      },
      Select: { optionSelectedBg: palette.accentSoft, optionSelectedFontWeight: 500 },
      Drawer: { paddingLG: 20 },
      Segmented: { trackBg: palette.active, itemSelectedBg: palette.surface },
      Slider: { railBg: palette.active, railHoverBg: palette.active, trackBg: palette.accent, trackHoverBg: palette.accent, handleColor: palette.accent },
      Tooltip: { fontSize: 12 },
    },
  };
}
