import { Link } from "@tanstack/react-router";
import { ArrowLeft, BellRing } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { Page } from "@/design/Page";
import { Notices } from "@/settings/Notices";
import styles from "@/settings/own.module.css";

/** Which notifications reach the viewer, by what, and when not. */
export function NoticeSettingsPage() {
  const { t } = useTranslation();
  return (
    <Page icon={BellRing} title={t("places.noticeSettings")} width="narrow">
      <div>
        <Link to="/settings" className={styles.back}>
          <ArrowLeft size={14} aria-hidden /> {t("places.settings")}
        </Link>
        <Notices />
      </div>
    </Page>
  );
}
