import { Button } from "antd";
import { CalendarClock, CalendarPlus } from "lucide-react";
import { useState } from "react";

import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, may, mayDo, pipelineOf, stageOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { cx } from "@/design/cx";
import { Dot } from "@/design/Pill";
import { formatDay } from "@/format/date";

import { readWall, today } from "@/format/today";
import { NextForm } from "./NextForm";
import styles from "./quick.module.css";
import { QuickForm, type Way } from "./QuickForm";

const NEXT = "next";

/** Adding a call, a note, a task from the record's page in two clicks; after that, and where it lacks, the next step. */
export function QuickBar({ object, row }: { object: ObjectDefinition; row: Row }) {
  const { t } = useTranslation();
  const say = useLabel();
  const ways = useWays(object);
  const [open, setOpen] = useState<string | null>(null);
  const due = useNext(object, row);
  if (row.archived_at || (ways.length === 0 && !due)) return null;
  const way = ways.find((one) => one.key === open);
  const toggle = (key: string) => setOpen((now) => (now === key ? null : key));
  return (
    <section className={styles.quick} aria-label={t("record.quick.title")}>
      <div className={styles.bar}>
        <div className={styles.ways}>
          {ways.map((one) => (
            <button
              key={one.key}
              type="button"
              className={cx(styles.way, one.key === open && styles.on)}
              aria-expanded={one.key === open}
              onClick={() => toggle(one.key)}
            >
              {one.option ? <Dot color={one.option.color} /> : <ObjectIcon name={one.object.icon} size={14} />}
              {say(one.option?.label ?? one.object.label)}
            </button>
          ))}
        </div>
        {due ? (
          <Button
            type="text"
            size="small"
            className={cx(styles.next, due.state !== "set" && styles.lacks)}
            icon={due.state === "set" ? <CalendarClock size={14} /> : <CalendarPlus size={14} />}
            aria-expanded={open === NEXT}
            title={due.text}
            onClick={() => toggle(NEXT)}
          >
            <span className="cut">
              {due.state === "none" ? t("record.quick.noNext") : `${due.text} · ${formatDay(due.on, t)}`}
            </span>
          </Button>
        ) : null}
      </div>
      {way ? (
        <QuickForm
          key={way.key}
          parent={object}
          row={row}
          way={way}
          onClose={() => setOpen(null)}
          onDone={() => setOpen(due ? NEXT : null)}
        />
      ) : null}
      {open === NEXT && object.next ? (
        <NextForm object={object} row={row} next={object.next} onClose={() => setOpen(null)} />
      ) : null}
    </section>
  );
}

function useWays(object: ObjectDefinition): Way[] {
  const { objects } = useCatalog();
  return object.children.flatMap((child): Way[] => {
    const made = objects[child.object];
    if (!made?.quick || !may(made, "create")) return [];
    const by = made.quick.by ? fieldOf(made, made.quick.by) : null;
    if (!by) return [{ key: child.name, child, object: made, option: null }];
    return (by.options ?? []).map((option) => ({ key: `${child.name}/${option.value}`, child, object: made, option }));
  });
}

/** How the record's next step stands, while it is under way and one may plan. */
function useNext(object: ObjectDefinition, row: Row): { state: "none" | "late" | "set"; text: string; on: string } | null {
  const pipeline = pipelineOf(useCatalog(), object);
  const { next } = object;
  if (!next || !mayDo(object, row, "update")) return null;
  if (pipeline && stageOf(pipeline, row[pipeline.field])?.kind !== "open") return null;
  const text = String(row[next.text] ?? "");
  const on = String(row[next.on] ?? "");
  if (!text || !on) return { state: "none", text, on };
  return { state: readWall(on).isBefore(today()) ? "late" : "set", text, on };
}
