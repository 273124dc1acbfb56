import { ArrowRight } from "lucide-react";
import { useState } from "react";

import type { Board, ScoreDefinition } from "@/api/scores";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { Button } from "antd";

import { Card } from "@/design/Card";
import { RecordLink } from "@/design/RecordLink";
import { ColorPill } from "./ColorPill";
import styles from "./scores.module.css";

const FEW = 12;

/** Who has another colour than a week ago, those that fell furthest first. */
export function Changes({ score, board }: { score: ScoreDefinition; board: Board }) {
  const { t } = useTranslation();
  const say = useLabel();
  const [all, setAll] = useState(false);
  const shown = all ? board.changes : board.changes.slice(0, FEW);
  return (
    <Card
      title={t("scores.changes")}
      tools={<span className={styles.quiet}>{t("scores.moved", { fallen: board.fallen, risen: board.risen })}</span>}
    >
      {board.changes.length === 0 ? <p className={styles.quiet}>{t("scores.noChanges")}</p> : null}
      <ul className={styles.changes}>
        {shown.map((change) => (
          <li key={change.id}>
            <RecordLink object={score.object} id={change.id} className={styles.change}>
              <span className={styles.changeName}>
                <span className="cut">{change.title ?? t("scores.unnamed")}</span>
                <span className={styles.quiet}>{change.owner?.label}</span>
              </span>
              <span className={styles.changeShift}>
                <ColorPill color={change.color_before} value={change.value_before} />
                <ArrowRight size={13} aria-hidden />
                <ColorPill color={change.color} value={change.value} />
              </span>
              <span className={styles.changeWhy}>
                {change.reasons.map((reason) => say(reason.words)).join(t("scores.comma"))}
              </span>
            </RecordLink>
          </li>
        ))}
      </ul>
      {board.changes.length > shown.length ? (
        <Button type="text" block onClick={() => setAll(true)}>
          {t("scores.showAll", { count: board.changes.length })}
        </Button>
      ) : null}
    </Card>
  );
}
