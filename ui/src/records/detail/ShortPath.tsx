import { Drawer } from "antd";
import { Check, ChevronsUpDown } from "lucide-react";
import { useState } from "react";

import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { stageOf } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { Pill } from "@/design/Pill";

import styles from "./path.module.css";

interface Props {
  pipeline: Pipeline;
  current: string;
  since: string;
  /** Met and demanded deliverables of the present stage. */
  tally: string;
  movable: boolean;
  onGo: (to: string) => void;
}

/** The stage path on a phone: where it stands, how far along that is, and a sheet of stages to move to. */
export function ShortPath({ pipeline, current, since, tally, movable, onGo }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const [open, setOpen] = useState(false);
  const stage = stageOf(pipeline, current);
  const ways = pipeline.stages.filter((one) => one.kind === "open");
  const at = stage?.kind === "won" ? ways.length : ways.findIndex((one) => one.name === current);
  return (
    <>
      <button
        type="button"
        className={styles.short}
        disabled={!movable}
        onClick={() => setOpen(true)}
      >
        <span className={styles.shortLine}>
          <Pill color={stage?.color}>{say(stage?.label) || "—"}</Pill>
          {tally ? <span className={styles.tally}>{tally}</span> : null}
          <small>{since}</small>
          <span className="sr-only">{t("gate.moveTo")}</span>
          <ChevronsUpDown size={16} aria-hidden />
        </span>
        <span className={styles.bars} aria-hidden>
          {ways.map((one, index) => (
            <span key={one.name} className={cx(styles.barPart, index <= at && styles.full)} />
          ))}
        </span>
      </button>
      <Drawer open={open} onClose={() => setOpen(false)} placement="bottom" size="auto" title={t("gate.moveTo")}>
        <ul className={styles.sheet}>
          {pipeline.stages.map((one) => (
            <li key={one.name}>
              <button
                type="button"
                className={styles.sheetItem}
                aria-current={one.name === current ? "step" : undefined}
                onClick={() => {
                  setOpen(false);
                  onGo(one.name);
                }}
              >
                <Pill color={one.color}>{say(one.label)}</Pill>
                {one.name === current ? <Check size={18} aria-hidden /> : null}
              </button>
            </li>
          ))}
        </ul>
      </Drawer>
    </>
  );
}
