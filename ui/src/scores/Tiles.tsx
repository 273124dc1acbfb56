import { Link } from "@tanstack/react-router";

import { type Board, COLORS, type ScoreDefinition } from "@/api/scores";
import { useTranslation } from "@/app/translation";
import { Dot } from "@/design/Pill";
import { NO_VIEW } from "@/records/list/views";

import { Bar } from "./Bar";
import styles from "./scores.module.css";

/** How many records have each colour, beside a week ago; each leads to its records. */
export function Tiles({ score, board }: { score: ScoreDefinition; board: Board }) {
  const { t } = useTranslation();
  return (
    <section className={styles.tiles} aria-label={t("scores.now")}>
      {COLORS.map((color) => {
        const shift = board.now[color] - board.before[color];
        return (
          <Link
            key={color}
            to="/records/$object"
            params={{ object: score.object }}
            search={{ view: NO_VIEW, filter: `${score.color_field} in ["${color}"]`, sort: score.name }}
            className={styles.tile}
          >
            <span className={styles.tileName}>
              <Dot color={color} /> {t(`scores.color.${color}`)}
            </span>
            <b className="num">{board.now[color]}</b>
            <span className={styles.quiet}>
              {board.compared ? t(shift === 0 ? "scores.same" : shift > 0 ? "scores.more" : "scores.fewer", { count: Math.abs(shift) }) : ""}
            </span>
          </Link>
        );
      })}
      <div className={styles.whole}>
        <Bar counts={board.now} />
      </div>
    </section>
  );
}
