import { useNavigate } from "@tanstack/react-router";
import { Dropdown } from "antd";
import { Download, KeyRound, Languages, LogOut, MonitorCog, Moon, Settings, Sun } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { textOf } from "@/catalog/label";
import { useCatalog } from "@/catalog/catalog";
import { Avatar } from "@/design/Avatar";

import { useInstall } from "../install";
import { useChooseLanguage } from "../language";
import { useLocale } from "../locale";
import { useSession } from "../session";
import { type Choice, useTheme } from "../theme/ThemeProvider";
import { useLeaving } from "./leaving";
import styles from "./Shell.module.css";

/** The viewer: who, in which roles; language, theme, log-out. */
export function UserMenu() {
  const { t, i18n } = useTranslation();
  const { user } = useSession();
  const { roles } = useCatalog();
  const { locale } = useLocale();
  const switchTo = useChooseLanguage();
  const { choice, choose } = useTheme();
  const leave = useLeaving();
  const { how, install } = useInstall();
  const navigate = useNavigate();
  const titles = user.roles.map((name) =>
    textOf(roles.find((role) => role.name === name)?.label ?? name, i18n.language),
  );
  const themeItems: { key: Choice; icon: React.ReactNode }[] = [
    { key: "light", icon: <Sun size={15} /> },
    { key: "dark", icon: <Moon size={15} /> },
    { key: "system", icon: <MonitorCog size={15} /> },
  ];
  return (
    <Dropdown
      trigger={["click"]}
      placement="bottomRight"
      menu={{
        selectedKeys: [choice, locale],
        items: [
          { key: "who", type: "group", label: `${user.name} · ${titles.join(" / ")}` },
          { type: "divider" },
          ...themeItems.map(({ key, icon }) => ({ key, icon, label: t(`theme.${key}`), onClick: () => choose(key) })),
          { type: "divider" },
          {
            key: "zh-CN",
            icon: <Languages size={15} />,
            label: t("language.zh"),
            onClick: () => void switchTo("zh-CN"),
          },
          { key: "en", icon: <Languages size={15} />, label: t("language.en"), onClick: () => void switchTo("en") },
          { type: "divider" },
          {
            key: "settings",
            icon: <Settings size={15} />,
            label: t("places.settings"),
            onClick: () => void navigate({ to: "/settings" }),
          },
          ...(how === "offered"
            ? [{ key: "install", icon: <Download size={15} />, label: t("shell.install"), onClick: () => void install() }]
            : []),
          {
            key: "tokens",
            icon: <KeyRound size={15} />,
            label: t("places.tokens"),
            onClick: () => void navigate({ to: "/settings/tokens" }),
          },
          { key: "out", icon: <LogOut size={15} />, label: t("shell.logout"), onClick: leave },
        ],
      }}
    >
      <button type="button" className={styles.me} aria-label={t("shell.account", { name: user.name })}>
        <Avatar name={user.name} size={28} />
      </button>
    </Dropdown>
  );
}
