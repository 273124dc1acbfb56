import { Link, useLocation, useRouter } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { BellRing, ChevronRight, KeyRound, Monitor, Moon, Settings, Sun } from "lucide-react";
import { useEffect } from "react";

import { useInstall } from "@/app/install";
import { useChooseLanguage } from "@/app/language";
import { useLocale } from "@/app/locale";
import { useSession } from "@/app/session";
import { PageTitle } from "@/app/shell/slot";
import { useTheme } from "@/app/theme/ThemeProvider";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { textOf } from "@/catalog/label";
import { Avatar } from "@/design/Avatar";
import { usePhone } from "@/design/media";
import { chooseDensity, useUsualDensity } from "@/records/list/density";
import { DensityPicker } from "@/records/list/DensityPicker";
import { Password } from "@/settings/Password";
import { Line, Section } from "@/settings/Section";
import { Sessions } from "@/settings/Sessions";
import styles from "@/settings/own.module.css";

const TOKENS: string = "/settings/tokens";

/** What the viewer may set for themselves. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { hash } = useLocation();
  const sections = ["profile", "look", "notifications", "password", "app", "sessions"] as const;
  useEffect(() => {
    if (hash) document.getElementById(hash)?.scrollIntoView({ block: "start" });
  }, [hash]);
  return (
    <>
      <PageTitle text={t("places.settings")}>
        <Settings size={16} strokeWidth={1.7} aria-hidden />
        <h1>{t("places.settings")}</h1>
      </PageTitle>
      <div className={styles.page}>
        <nav className={styles.index} aria-label={t("places.settings")}>
          {sections.map((name) => (
            <Link key={name} to="/settings" hash={name} className={styles.jump} replace>
              {t(`settings.section.${name}`)}
            </Link>
          ))}
        </nav>
        <div className={styles.sheet}>
          <Profile />
          <Look />
          <Notifications />
          <Password />
          <AsApp />
          <Sessions />
        </div>
      </div>
    </>
  );
}

function Profile() {
  const { t, i18n } = useTranslation();
  const { user } = useSession();
  const { roles } = useCatalog();
  const titles = user.roles.map((name) =>
    textOf(roles.find((role) => role.name === name)?.label ?? name, i18n.language),
  );
  return (
    <Section id="profile" title={t("settings.section.profile")} hint={t("settings.profileHint")}>
      <div className={styles.who}>
        <Avatar name={user.name} size={44} />
        <div>
          <p className={styles.name}>{user.name}</p>
          <p className={styles.hint}>
            {user.username} · {titles.join(" / ")}
          </p>
        </div>
      </div>
    </Section>
  );
}

function Look() {
  const { t } = useTranslation();
  const { locale } = useLocale();
  const choose = useChooseLanguage();
  const { choice, choose: chooseTheme } = useTheme();
  const density = useUsualDensity();
  const phone = usePhone();
  return (
    <Section id="look" title={t("settings.section.look")}>
      <Line label={t("settings.language")} hint={t("settings.languageHint")}>
        <Segmented
          aria-label={t("settings.language")}
          value={locale}
          onChange={(next) => void choose(next)}
          options={[
            { value: "zh-CN" as const, label: t("language.zh") },
            { value: "en" as const, label: t("language.en") },
          ]}
        />
      </Line>
      <Line label={t("settings.theme")} hint={t("settings.themeHint")}>
        <Segmented
          aria-label={t("settings.theme")}
          value={choice}
          onChange={chooseTheme}
          options={[
            { value: "light" as const, label: t("theme.light"), icon: <Sun size={14} /> },
            { value: "dark" as const, label: t("theme.dark"), icon: <Moon size={14} /> },
            { value: "system" as const, label: t("theme.system"), icon: <Monitor size={14} /> },
          ]}
        />
      </Line>
      {phone ? null : (
        <Line label={t("settings.density")} hint={t("settings.densityHint")}>
          <DensityPicker value={density} onChange={chooseDensity} />
        </Line>
      )}
    </Section>
  );
}

function Notifications() {
  const { t } = useTranslation();
  return (
    <Section id="notifications" title={t("settings.section.notifications")}>
      <Line label={t("places.noticeSettings")} hint={t("settings.noticesLink")}>
        <Link to="/settings/notifications" className={styles.jump}>
          <BellRing size={15} aria-hidden /> {t("settings.choose")} <ChevronRight size={14} aria-hidden />
        </Link>
      </Line>
    </Section>
  );
}

function AsApp() {
  const { t } = useTranslation();
  const { how, install } = useInstall();
  const hasTokens = TOKENS in useRouter().routesByPath;
  return (
    <Section id="app" title={t("settings.section.app")}>
      <Line label={t("shell.install")} hint={t(HINTS[how])}>
        {how === "offered" ? <Button onClick={() => void install()}>{t("settings.install")}</Button> : null}
      </Line>
      {hasTokens ? (
        <Line label={t("settings.tokens")} hint={t("settings.tokensHint")}>
          <Link to={TOKENS} className={styles.jump}>
            <KeyRound size={15} aria-hidden /> {t("settings.tokensOpen")} <ChevronRight size={14} aria-hidden />
          </Link>
        </Line>
      ) : null}
    </Section>
  );
}

const HINTS = {
  installed: "settings.isInstalled",
  offered: "settings.installHint",
  "by hand": "shell.installByHand",
  impossible: "settings.installOther",
} as const;
