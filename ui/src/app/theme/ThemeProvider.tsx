import { StyleProvider } from "@ant-design/cssinjs";
import { App, ConfigProvider } from "antd";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

import { useMedia } from "@/design/media";

import { antdTheme } from "./antd";
import { styleCache } from "./styles";
import { cssVariables, type Mode, PALETTES } from "./tokens";

export type Choice = Mode | "system";

interface Theme {
  mode: Mode;
  choice: Choice;
  choose: (choice: Choice) => void;
}

const STORE = "chengdan.theme";
const BUTTON = { autoInsertSpace: false };
const MESSAGE = { top: 56, maxCount: 3 };
const NOTIFICATION = { placement: "bottomRight" } as const;
const ThemeContext = createContext<Theme | null>(null);

/** Light or dark, as chosen or as the system has it; feeds the palette to CSS and to antd. */
export function ThemeProvider({ locale, children }: { locale?: object; children: ReactNode }) {
  const [choice, setChoice] = useState<Choice>(readChoice);
  const systemDark = useMedia("(prefers-color-scheme: dark)");
  const touch = useMedia("(max-width: 767px)");
  const still = useMedia("(prefers-reduced-motion: reduce)");
  const mode: Mode = choice === "system" ? (systemDark ? "dark" : "light") : choice;

  useEffect(() => {
    const root = document.documentElement;
    root.dataset.theme = mode;
    root.style.colorScheme = mode;
    paint(mode);
    const onPaper = () => paint("light");
    const onScreen = () => paint(mode);
    window.addEventListener("beforeprint", onPaper);
    window.addEventListener("afterprint", onScreen);
    document.querySelector('meta[name="theme-color"]')?.setAttribute("content", PALETTES[mode].rail);
    return () => {
      window.removeEventListener("beforeprint", onPaper);
      window.removeEventListener("afterprint", onScreen);
    };
  }, [mode]);

  const theme = useMemo<Theme>(
    () => ({
      mode,
      choice,
      choose: (next) => {
        localStorage.setItem(STORE, next);
        setChoice(next);
      },
    }),
    [mode, choice],
  );
  const config = useMemo(() => antdTheme(mode, touch, still), [mode, touch, still]);
  return (
    <ThemeContext value={theme}>
      <StyleProvider cache={styleCache}>
        <ConfigProvider theme={config} locale={locale as never} button={BUTTON}>
          <App component={false} message={MESSAGE} notification={NOTIFICATION}>
            {children}
          </App>
        </ConfigProvider>
      </StyleProvider>
    </ThemeContext>
  );
}

/** Paper is always light. */
function paint(mode: Mode): void {
  const { style } = document.documentElement;
  for (const [name, value] of Object.entries(cssVariables(PALETTES[mode]))) style.setProperty(name, value);
}

export function useTheme(): Theme {
  const theme = useContext(ThemeContext);
  if (!theme) throw new Error("useTheme outside ThemeProvider");
  return theme;
}

function readChoice(): Choice {
  const stored = localStorage.getItem(STORE);
  return stored === "light" || stored === "dark" ? stored : "system";
}
