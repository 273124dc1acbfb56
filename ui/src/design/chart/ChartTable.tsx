import type { ReactNode } from "react";

import { cx } from "@/design/cx";

import styles from "./Chart.module.css";

export interface ChartTable {
  head: string[];
  /** Of each row the first cell names it; `open` is that cell with a way to what is behind it. */
  rows: { name: string; open?: ReactNode; cells: string[] }[];
}

interface Props {
  table: ChartTable;
  caption: string;
  /** Only read out, and printed. */
  hidden?: boolean;
}

/** A chart in words and figures. */
export function Table({ table, caption, hidden }: Props) {
  return (
    <table className={cx(styles.table, hidden && styles.unseen)}>
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {table.head.map((text, index) => (
            <th key={text} scope="col" className={index > 0 ? styles.number : undefined}>
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{hidden ? row.name : (row.open ?? row.name)}</th>
            {row.cells.map((cell, index) => (
              <td key={index} className={styles.number}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
