import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";

import type { PanelDefinition } from "@/api/home";
import type { Field } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { formatAmounts, formatShortSum, isNothing, readAmounts, type Sum } from "@/format/amounts";
import { formatNumber } from "@/format/number";

import { type FigureAnswer, type HomeAnswer, isFailed, type Whose } from "./answer";
import { drill } from "./drill";
import styles from "./tiles.module.css";

interface Props {
  panels: PanelDefinition[];
  answers: HomeAnswer["panels"];
  whose: Whose;
}

/** The figures of the day in one row; each leads to the records it counts. */
export function Tiles({ panels, answers, whose }: Props) {
  return (
    <ul className={styles.tiles}>
      {panels.map((panel) => (
        <li key={panel.name} className={styles.tile}>
          <Tile panel={panel} answer={answers[panel.name] as FigureAnswer | undefined} whose={whose} />
        </li>
      ))}
    </ul>
  );
}

function Tile({ panel, answer, whose }: { panel: PanelDefinition; answer?: FigureAnswer; whose: Whose }) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const field = useFigureField(panel);
  if (!answer || !panel.object) return null;
  if (isFailed(answer)) {
    return (
      <div className={styles.link}>
        <span className={styles.label}>{say(panel.label)}</span>
        <span className={styles.failed}>
          <TriangleAlert size={13} aria-hidden /> {answer.error.message}
        </span>
      </div>
    );
  }
  const value = sumIn(answer, field);
  const bad = panel.warn && !isNothing(value);
  return (
    <Link
      to="/records/$object"
      params={{ object: panel.object }}
      search={drill(panel, whose)}
      className={styles.link}
      data-panel={panel.name}
    >
      <span className={styles.label}>{say(panel.label)}</span>
      <span
        className={cx(styles.value, bad && styles.bad, isNothing(value) && styles.none)}
        title={field && typeof value !== "number" ? formatAmounts(value, currencyOf(field), i18n.language) : undefined}
      >
        {bad ? <TriangleAlert size={16} strokeWidth={2} aria-label={t("home.attention")} /> : null}
        {spoken(value, field, i18n.language)}
      </span>
      <span className={styles.note}>{field ? t("home.records", { count: answer.count }) : "\u00a0"}</span>
    </Link>
  );
}

/** The field that a panel's figures are about; null where it counts. */
export function useFigureField(panel: PanelDefinition): Field | null {
  const object = useCatalog().objects[panel.object ?? ""];
  return object && panel.field ? fieldOf(object, panel.field) : null;
}

/** A figure of the answer: of money in each currency. */
export function sumIn({ value, by_currency }: Pick<FigureAnswer, "value" | "by_currency">, field: Field | null): Sum {
  return field?.stored_type === "money" ? readAmounts(value, by_currency, currencyOf(field)) : Number(value ?? 0);
}

/** A figure in short, with its unit. */
export function spoken(value: Sum, field: Field | null, language: string): string {
  if (typeof value !== "number" || (field && field.stored_type !== "percent")) {
    return formatShortSum(value, field ? currencyOf(field) : "", language);
  }
  return field ? `${formatNumber(value, language, 1)}%` : formatNumber(value, language, 0);
}

export function currencyOf(field: Field): string {
  return field.currency ?? "CNY";
}
