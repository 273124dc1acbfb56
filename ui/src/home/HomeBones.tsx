import type { PanelDefinition } from "@/api/home";
import { useLabel } from "@/catalog/label";
import { Bone } from "@/design/Bones";

import styles from "./home.module.css";
import { placed } from "./Panels";
import tiles from "./tiles.module.css";

const LINES = 5;

/** The home while its answer is on its way: the same boxes in the same places. */
export function HomeBones({ panels }: { panels: PanelDefinition[] }) {
  const say = useLabel();
  const figures = panels.filter((panel) => panel.kind === "figure");
  const rest = panels.filter((panel) => panel.kind !== "figure");
  return (
    <div aria-busy="true">
      <ul className={tiles.tiles}>
        {figures.map((panel) => (
          <li key={panel.name} className={tiles.tile}>
            <span className={tiles.link}>
              <span className={tiles.label}>{say(panel.label)}</span>
              <span className={tiles.value}>
                <Bone width={64} height={20} />
              </span>
              <span className={tiles.note}>{"\u00a0"}</span>
            </span>
          </li>
        ))}
      </ul>
      <div className={styles.columns}>
        {[true, false].map((wide) => (
          <div key={String(wide)} className={wide ? styles.wide : styles.narrow}>
            {rest.map((panel, index) =>
              panel.wide === wide ? (
                <div key={panel.name} className={styles.place} style={placed(index)}>
                  <section className={styles.panel}>
                    <header className={styles.head}>
                      <h2 className={styles.heading}>{say(panel.label)}</h2>
                    </header>
                    <div className={styles.bones}>
                      {Array.from({ length: LINES }, (_, line) => (
                        <Bone key={line} width={`${92 - ((line * 23) % 40)}%`} />
                      ))}
                    </div>
                  </section>
                </div>
              ) : null,
            )}
          </div>
        ))}
      </div>
    </div>
  );
}
