import { Link } from "@tanstack/react-router";

import type { Board, ScoreDefinition } from "@/api/scores";
import type { Field } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { groupCondition } from "@/home/drill";
import { NO_VIEW } from "@/records/list/views";

import { Bar } from "./Bar";
import styles from "./scores.module.css";

/** How the records of each owner or team stand; each leads to its records, the worst first. */
export function Groups({ score, board, field }: { score: ScoreDefinition; board: Board; field: Field | null }) {
  const { t } = useTranslation();
  if (!field) return null;
  return (
    <ul className={styles.groups}>
      {board.groups.map((group) => (
        <li key={group.key ?? ""}>
          <Link
            to="/records/$object"
            params={{ object: score.object }}
            search={{
              view: NO_VIEW,
              filter: `${groupCondition(field, group.key)} and ${score.color_field} != null`,
              sort: score.name,
            }}
            className={styles.group}
          >
            <span className="cut">{group.label ?? t("scores.nobody")}</span>
            <Bar counts={group.now} />
            <span className={styles.redCount}>{t("scores.reds", { count: group.now.red })}</span>
            <span className={styles.quiet}>
              {group.fallen || group.risen ? t("scores.movedShort", { fallen: group.fallen, risen: group.risen }) : ""}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
