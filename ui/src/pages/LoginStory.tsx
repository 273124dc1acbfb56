import { CircleCheck, CircleDashed, FileSignature, Fingerprint, ListChecks } from "lucide-react";

import { Mark } from "@/app/shell/Mark";
import { useTranslation } from "@/app/translation";

import styles from "./LoginPage.module.css";

/** What the product is for, beside the door: a claim, and a stage as it looks inside. */
export function LoginStory() {
  const { t } = useTranslation();
  return (
    <section className={styles.story} aria-hidden>
      <div className={styles.brand}>
        <Mark size={28} inverse />
        {t("app.name")}
      </div>
      <div className={styles.middle}>
        <p className={styles.claim}>{t("login.claim")}</p>
        <div className={styles.sample}>
          <div className={styles.sampleHead}>
            <span>{t("login.sample.stage")}</span>
            <span>{"3/4"}</span>
          </div>
          <div className={styles.sampleBar}>
            <span />
          </div>
          <ul>
            {["needs", "decider", "budget"].map((name) => (
              <li key={name} className={styles.sampleDone}>
                <CircleCheck size={17} strokeWidth={1.9} />
                {t(`login.sample.${name}`)}
              </li>
            ))}
            <li>
              <CircleDashed size={17} strokeWidth={1.9} />
              {t("login.sample.signed")}
              <small>{t("login.sample.missing")}</small>
            </li>
          </ul>
        </div>
      </div>
      <ul className={styles.points}>
        <li>
          <ListChecks size={18} strokeWidth={1.7} /> {t("login.pointGate")}
        </li>
        <li>
          <FileSignature size={18} strokeWidth={1.7} /> {t("login.pointSame")}
        </li>
        <li>
          <Fingerprint size={18} strokeWidth={1.7} /> {t("login.pointTrail")}
        </li>
      </ul>
    </section>
  );
}
