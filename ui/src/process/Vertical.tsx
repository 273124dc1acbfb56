import { ArrowDown, ArrowUp } from "lucide-react";

import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { stageOf } from "@/catalog/catalog";
import { Pill } from "@/design/Pill";

import type { Edge } from "./answer";
import { placed, slowness, START } from "./layout";
import { useNodeName } from "./nodeName";
import styles from "./process.module.css";
import { useWords } from "./words";

/** The map from top to bottom: each node, and below it where it leads. */
export function Vertical({ pipeline, edges }: { pipeline: Pipeline; edges: Edge[] }) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  const nameOf = useNodeName(pipeline);
  const places = placed(pipeline, edges);
  const order = places.map((place) => place.name);
  const most = Math.max(...edges.map((edge) => edge.count));
  return (
    <ol className={styles.vertical}>
      {places
        .filter((place) => edges.some((edge) => edge.from === place.name) || place.name === START)
        .map((place) => (
          <li key={place.name}>
            <Pill color={stageOf(pipeline, place.name)?.color} quiet={place.substep}>
              {nameOf(place.name)}
            </Pill>
            <ul>
              {edges
                .filter((edge) => edge.from === place.name)
                .map((edge) => {
                  const back = order.indexOf(edge.to) <= order.indexOf(edge.from);
                  const Icon = back ? ArrowUp : ArrowDown;
                  return (
                    <li key={edge.to}>
                      <Icon size={14} aria-label={t(back ? "process.backTo" : "process.to")} />
                      <span className="cut">{nameOf(edge.to)}</span>
                      <span className={styles.track} aria-hidden>
                        <span
                          className={(slowness(edge, edges) ?? 0) > 0.66 ? styles.missed : styles.went}
                          style={{ width: `${(edge.count / most) * 100}%` }}
                        />
                      </span>
                      <b>{words.count(edge.count)}</b>
                      <small>{edge.from === START ? "" : words.span(edge.median_seconds)}</small>
                    </li>
                  );
                })}
            </ul>
          </li>
        ))}
    </ol>
  );
}
