import { Link, useNavigate } from "@tanstack/react-router";
import dayjs from "dayjs";
import { ChartColumn, Table2 } from "lucide-react";
import { useCallback, useMemo, useState } from "react";

import type { Palette } from "@/app/theme/tokens";
import type { PanelDefinition } from "@/api/home";
import type { Field, ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, optionsOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Chart } from "@/design/chart/Chart";
import { IconButton } from "@/design/IconButton";
import { mainCurrency } from "@/format/amounts";
import { formatShort } from "@/format/number";

import type { Group, Whose } from "./answer";
import { drill, groupCondition } from "./drill";
import { arranged } from "./groups";
import styles from "./home.module.css";
import { Nothing, PanelFrame } from "./PanelFrame";
import { type Bar, bars, columns, funnel } from "./plots";
import { currencyOf, spoken, sumIn, useFigureField } from "./Tiles";

const MOST = 12;

interface Props {
  panel: PanelDefinition;
  answer: { groups: Group[] };
  whose: Whose;
}

/** A figure for each group, drawn; a click leads to the records of that group. */
export function ChartPanel({ panel, answer, whose }: Props) {
  const object = useCatalog().objects[panel.object ?? ""];
  const by = object ? fieldOf(object, panel.by ?? "") : null;
  const nothing = answer.groups.every((group) => group.count === 0);
  if (!object || !by || nothing) {
    return (
      <PanelFrame panel={panel} whose={whose}>
        <Nothing panel={panel} />
      </PanelFrame>
    );
  }
  return <Drawn panel={panel} groups={answer.groups} whose={whose} object={object} by={by} />;
}

interface DrawnProps {
  panel: PanelDefinition;
  groups: Group[];
  whose: Whose;
  object: ObjectDefinition;
  by: Field;
}

function Drawn({ panel, groups, whose, object, by }: DrawnProps) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const navigate = useNavigate();
  const catalog = useCatalog();
  const figure = useFigureField(panel);
  const [asTable, setAsTable] = useState(false);
  const language = i18n.language;
  const options = useMemo(() => optionsOf(catalog, object, by), [catalog, object, by]);
  const main = useMemo(() => drawnIn(groups, figure), [groups, figure]);
  const all = useMemo(() => {
    const sized = groups.map((group) => ({ ...group, value: sizeOf(group, figure, main.currency) }));
    return arranged(sized, by, options, panel.shape === "funnel");
  }, [groups, by, options, panel.shape, figure, main.currency]);
  const shown = panel.shape === "column" ? all : all.slice(0, MOST);
  const nameOf = (group: Group) => {
    if (group.key === null) return t("home.none");
    if (by.stored_type === "date") return dayjs(String(group.key)).format(t("home.month"));
    if (by.stored_type === "boolean") return t(group.key === true ? "field.yes" : "field.no");
    const option = options.find((one) => one.value === group.key);
    return option ? say(option.label) : (group.label ?? String(group.key));
  };
  const data: Bar[] = shown.map((group) => ({
    name: nameOf(group),
    color: panel.shape === "funnel" ? options.find((one) => one.value === group.key)?.color : undefined,
    value: Number(group.value ?? 0),
    text: figure
      ? t("home.figureOf", { figure: spoken(sumIn(group, figure), figure, language), count: group.count })
      : t("home.records", { count: group.count }),
  }));
  const drawn = JSON.stringify([data, panel.shape, language]);
  const option = useCallback(
    (palette: Palette) =>
      panel.shape === "column"
        ? columns(data, palette, (value) => formatShort(value, language))
        : panel.shape === "funnel"
          ? funnel(data, palette)
          : bars(data, palette),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `drawn` says all of it
    [drawn],
  );
  const search = (group: Group) => drill(panel, whose, groupCondition(by, group.key));
  const table = {
    head: [say(by.label), ...(figure ? [say(figure.label)] : []), t("home.count")],
    rows: shown.map((group, index) => ({
      name: data[index]?.name ?? "",
      open: (
        <Link to="/records/$object" params={{ object: object.name }} search={search(group)}>
          {data[index]?.name}
        </Link>
      ),
      cells: [...(figure ? [spoken(sumIn(group, figure), figure, language)] : []), String(group.count)],
    })),
  };
  const height = panel.shape === "column" ? 220 : shown.length * (panel.shape === "funnel" ? 38 : 30) + 8;
  return (
    <PanelFrame
      panel={panel}
      whose={whose}
      tools={
        <IconButton
          size="small"
          label={t(asTable ? "home.asChart" : "home.asTable")}
          icon={asTable ? <ChartColumn size={15} /> : <Table2 size={15} />}
          onClick={() => setAsTable(!asTable)}
        />
      }
    >
      <Chart
        label={say(panel.label)}
        option={option}
        height={height}
        table={table}
        asTable={asTable}
        onPick={(index) => {
          const group = shown[index];
          if (group) void navigate({ to: "/records/$object", params: { object: object.name }, search: search(group) });
        }}
      />
      {main.mixed && !asTable ? <p className={styles.nothing}>{t("home.drawnIn", { currency: main.currency })}</p> : null}
      {all.length > shown.length ? (
        <p className={styles.nothing}>{t("home.rest", { count: all.length - shown.length })}</p>
      ) : null}
    </PanelFrame>
  );
}

/** The currency by which amounts are drawn, and whether there are others. */
function drawnIn(groups: readonly Group[], figure: Field | null): { currency: string; mixed: boolean } {
  if (figure?.stored_type !== "money") return { currency: "", mixed: false };
  const sums = groups.map((group) => sumIn(group, figure)).filter((sum) => typeof sum !== "number");
  const currency = mainCurrency(sums, currencyOf(figure));
  return { currency, mixed: sums.some((sum) => Object.entries(sum).some(([one, amount]) => one !== currency && amount !== 0)) };
}

function sizeOf(group: Group, figure: Field | null, currency: string): number {
  const sum = sumIn(group, figure);
  return typeof sum === "number" ? sum : (sum[currency] ?? 0);
}
