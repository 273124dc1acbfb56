import { Segmented } from "antd";
import { Printer } from "lucide-react";

import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { IconButton } from "@/design/IconButton";
import { usePhone } from "@/design/media";

import { readWall, wallNow } from "@/format/today";
import type { HomeAnswer, Whose } from "./answer";
import styles from "./home.module.css";

interface Props {
  answer: HomeAnswer | undefined;
  /** The viewer may turn from the team to their own records. */
  choice: boolean;
  whose: Whose;
  onWhose: (whose: Whose) => void;
}

/** Who looks, on which day; and whose records are shown. On paper it is the head of the page. */
export function HomeHead({ answer, choice, whose, onWhose }: Props) {
  const { t } = useTranslation();
  const { user } = useSession();
  const phone = usePhone();
  const now = answer ? readWall(answer.at) : wallNow();
  return (
    <header className={styles.top}>
      <div className={styles.who}>
        <p className={styles.greeting}>{t(`home.hello.${partOfDay(now.hour())}`, { name: user.name })}</p>
        <p className={styles.day}>
          {now.format(t("home.longDate"))}
          {answer?.team ? ` · ${answer.team}` : ""}
        </p>
      </div>
      <div className={styles.controls}>
        {choice ? (
          <Segmented<Whose>
            block={phone}
            value={whose}
            aria-label={t("home.whose")}
            options={[
              { value: "all", label: t("home.team") },
              { value: "mine", label: t("home.mine") },
            ]}
            onChange={(value) => onWhose(value)}
          />
        ) : null}
        {phone ? null : (
          <IconButton label={t("home.printPage")} icon={<Printer size={16} />} onClick={() => window.print()} />
        )}
      </div>
    </header>
  );
}

function partOfDay(hour: number): "morning" | "afternoon" | "evening" {
  if (hour >= 5 && hour < 12) return "morning";
  return hour >= 12 && hour < 18 ? "afternoon" : "evening";
}
