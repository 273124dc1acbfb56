/** The page's colours: one neutral ramp, one accent (jade), and a small set of hues for options and stages. */

export type Mode = "light" | "dark";

export const HUES = ["gray", "blue", "cyan", "green", "amber", "red", "pink", "purple"] as const;
export type Hue = (typeof HUES)[number];

interface Tones {
  /** Text on `soft`, at least 4.5:1. */
  ink: string;
  soft: string;
  dot: string;
}

export interface Palette {
  canvas: string;
  rail: string;
  surface: string;
  raised: string;
  hover: string;
  active: string;
  line: string;
  lineStrong: string;
  ink: string;
  ink2: string;
  ink3: string;
  accent: string;
  accentHover: string;
  accentSoft: string;
  accentInk: string;
  onAccent: string;
  danger: string;
  warning: string;
  success: string;
  info: string;
  scrim: string;
  shadow: string;
  hues: Record<Hue, Tones>;
}

export const PALETTES: Record<Mode, Palette> = {
  light: {
    canvas: "#ffffff",
    rail: "#f7f8f7",
    surface: "#ffffff",
    raised: "#ffffff",
    hover: "#f4f6f5",
    active: "#ebefed",
    line: "#e8ebe9",
    lineStrong: "#d6dbd8",
    ink: "#17201c",
    ink2: "#4c5852",
    ink3: "#5e6a64",
    accent: "#1d7a62",
    accentHover: "#176450",
    accentSoft: "#e6f3ee",
    accentInk: "#12604b",
    onAccent: "#ffffff",
    danger: "#c2362f",
    warning: "#9a5b00",
    success: "#1d7a3e",
    info: "#2463c5",
    scrim: "rgba(20, 30, 26, 0.32)",
    shadow: "0 12px 32px -8px rgba(18, 32, 26, 0.18), 0 2px 6px rgba(18, 32, 26, 0.06)",
    hues: {
      gray: { ink: "#4c5852", soft: "#eff2f0", dot: "#8b9791" },
      blue: { ink: "#1f57ad", soft: "#e8f0fd", dot: "#3b7de0" },
      cyan: { ink: "#0b6477", soft: "#e2f4f7", dot: "#17a2bd" },
      green: { ink: "#1a6a38", soft: "#e5f5ea", dot: "#2ea557" },
      amber: { ink: "#8a4f00", soft: "#fdf1dc", dot: "#e09a1f" },
      red: { ink: "#ad2c26", soft: "#fdebea", dot: "#dd4d45" },
      pink: { ink: "#a22a6c", soft: "#fcebf4", dot: "#d9559b" },
      purple: { ink: "#6a3ab2", soft: "#f2ecfc", dot: "#8f61d8" },
    },
  },
  dark: {
    canvas: "#111513",
    rail: "#0d100f",
    surface: "#161b18",
    raised: "#1b211e",
    hover: "#1c2320",
    active: "#252d29",
    line: "#262e2a",
    lineStrong: "#364039",
    ink: "#e8edea",
    ink2: "#b1bcb6",
    ink3: "#8d9993",
    accent: "#3fae8d",
    accentHover: "#57c3a3",
    accentSoft: "#163027",
    accentInk: "#74d3b6",
    onAccent: "#06140f",
    danger: "#f07a72",
    warning: "#e3aa4f",
    success: "#63c587",
    info: "#7aa9f5",
    scrim: "rgba(0, 0, 0, 0.56)",
    shadow: "0 16px 40px -8px rgba(0, 0, 0, 0.6), 0 2px 6px rgba(0, 0, 0, 0.3)",
    hues: {
      gray: { ink: "#b1bcb6", soft: "#232b27", dot: "#7f8b85" },
      blue: { ink: "#9cc0fa", soft: "#182842", dot: "#5b94ec" },
      cyan: { ink: "#7fd3e3", soft: "#11303a", dot: "#2fb3cc" },
      green: { ink: "#86d7a2", soft: "#14301f", dot: "#46b46c" },
      amber: { ink: "#ecc178", soft: "#382a10", dot: "#dc9f35" },
      red: { ink: "#f5a39d", soft: "#3d1c1a", dot: "#e5635b" },
      pink: { ink: "#f0a4cb", soft: "#3a1a2b", dot: "#dd69a6" },
      purple: { ink: "#c7aaf4", soft: "#2a1f40", dot: "#9d74e0" },
    },
  },
};

export const FONT =
  'Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "PingFang SC", "Hiragino Sans GB", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", sans-serif';

/** The palette as CSS custom properties. */
export function cssVariables(palette: Palette): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(palette)) {
    if (typeof value === "string") found[`--${kebab(name)}`] = value;
  }
  for (const [hue, tones] of Object.entries(palette.hues)) {
    found[`--${hue}-ink`] = tones.ink;
    found[`--${hue}-soft`] = tones.soft;
    found[`--${hue}-dot`] = tones.dot;
  }
  return found;
}

function kebab(name: string): string {
  return name.replace(/([A-Z]|\d+)/g, (part) => `-${part.toLowerCase()}`);
}

/** The hue of that name; gray for none and for unknown ones. */
export function hueOf(name: string | undefined): Hue {
  return (HUES as readonly string[]).includes(name ?? "") ? (name as Hue) : "gray";
}
