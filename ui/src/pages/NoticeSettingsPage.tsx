import { Link } from "@tanstack/react-router";
import { ArrowLeft, BellRing } from "lucide-react";
import { useTranslation } from "react-i18next";

import { PageTitle } from "@/app/shell/slot";
import { Notices } from "@/settings/Notices";
import styles from "@/settings/own.module.css";

/** Which notifications reach the viewer, by what, and when not. */
export function NoticeSettingsPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageTitle text={t("places.noticeSettings")}>
        <BellRing size={16} strokeWidth={1.7} aria-hidden />
        <h1>{t("places.noticeSettings")}</h1>
      </PageTitle>
      <div className={styles.page} role="region" aria-label={t("places.noticeSettings")} tabIndex={0}>
        <div className={styles.alone}>
          <Link to="/settings" className={styles.back}>
            <ArrowLeft size={14} aria-hidden /> {t("places.settings")}
          </Link>
          <Notices />
        </div>
      </div>
    </>
  );
}
