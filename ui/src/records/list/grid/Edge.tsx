import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";

import type { Field } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { widthOf } from "@/fields/kinds";

import styles from "./grid.module.css";

const NARROWEST = 60;
const WIDEST = 800;
const STEP = 16;

interface Props {
  field: Field;
  onWidths: (widths: Record<string, number>) => void;
}

/**
 * The right edge of a head: drawn, or moved by the arrow keys, it changes the width of its column.
 *
 * All columns keep the widths that they have at that moment, so that none moves away under the hand.
 */
export function Edge({ field, onWidths }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const drag = useRef<{ x: number; widths: Record<string, number> } | null>(null);
  const [now, setNow] = useState(widthOf(field));
  const change = (widths: Record<string, number>, by: number) => {
    const width = Math.round(Math.max(NARROWEST, Math.min(WIDEST, (widths[field.name] ?? 0) + by)));
    setNow(width);
    onWidths({ ...widths, [field.name]: width });
  };
  const press = (event: KeyboardEvent<HTMLSpanElement>) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    change(widthsAround(event.currentTarget), step);
  };
  const start = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    event.stopPropagation();
    drag.current = { x: event.clientX, widths: widthsAround(event.currentTarget) };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent<HTMLSpanElement>) => {
    if (drag.current) change(drag.current.widths, event.clientX - drag.current.x);
  };
  return (
    <span
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t("list.columnWidth", { field: say(field.label) })}
      aria-valuenow={now}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      className={styles.edge}
      onFocus={(event) => setNow(widthsAround(event.currentTarget)[field.name] ?? now)}
      onKeyDown={press}
      onPointerDown={start}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }}
    />
  );
}

/** How wide the columns of the table are now, by field. */
function widthsAround(edge: HTMLElement): Record<string, number> {
  const heads = edge.closest("tr")?.querySelectorAll<HTMLElement>("th[data-field]") ?? [];
  return Object.fromEntries(
    [...heads].map((head) => [head.dataset.field ?? "", Math.round(head.getBoundingClientRect().width)]),
  );
}
