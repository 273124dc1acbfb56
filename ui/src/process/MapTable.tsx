import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";

import type { Edge } from "./answer";
import styles from "./process.module.css";
import { useNodeName } from "./nodeName";
import { useWords } from "./words";

/** The map in words and figures. */
export function MapTable({ pipeline, edges }: { pipeline: Pipeline; edges: Edge[] }) {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  const nameOf = useNodeName(pipeline);
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t("process.tab.map")}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("process.from")}</th>
            <th scope="col">{t("process.to")}</th>
            <th scope="col">{t("process.often")}</th>
            <th scope="col">{t("process.median")}</th>
          </tr>
        </thead>
        <tbody>
          {edges.map((edge) => (
            <tr key={`${edge.from}-${edge.to}`}>
              <th scope="row">{nameOf(edge.from)}</th>
              <td>{nameOf(edge.to)}</td>
              <td>{words.count(edge.count)}</td>
              <td>{words.span(edge.median_seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
