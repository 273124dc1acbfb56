import { Segmented, Select } from "antd";
import { CalendarDays, Kanban, ListTodo, type LucideIcon, Rows3 } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { ListSearch } from "@/app/search";
import type { View, ViewKind } from "@/api/types";
import { useLabel } from "@/catalog/label";

import type { Layout } from "./layouts";
import styles from "./layout.module.css";

const ICONS: Record<ViewKind, LucideIcon> = { list: Rows3, board: Kanban, calendar: CalendarDays, agenda: ListTodo };

interface Props {
  layout: Layout;
  view: View | null;
  onSearch: (changes: Partial<ListSearch>) => void;
}

/** List, board, calendar or agenda; of a board also what its columns stand for. */
export function LayoutPicker({ layout, view, onSearch }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const names: Record<ViewKind, string> = {
    list: t("layout.list"),
    board: t("layout.board"),
    calendar: t("layout.calendar"),
    agenda: t("layout.agenda"),
  };
  if (layout.possible.length === 1) return null;
  return (
    <>
      {layout.kind === "board" && layout.groupings.length > 1 ? (
        <Select
          className={styles.by}
          aria-label={t("layout.by")}
          prefix={<span className={styles.word}>{t("layout.by")}</span>}
          value={layout.by?.name}
          popupMatchSelectWidth={false}
          options={layout.groupings.map((field) => ({ value: field.name, label: say(field.label) }))}
          onChange={(by: string) => onSearch({ by: by === view?.board_field ? undefined : by })}
        />
      ) : null}
      <Segmented<ViewKind>
        aria-label={t("layout.title")}
        value={layout.kind}
        options={layout.possible.map((kind) => {
          const Icon = ICONS[kind];
          return {
            value: kind,
            icon: <Icon size={15} aria-hidden />,
            title: names[kind],
          };
        })}
        onChange={(kind) => onSearch({ layout: kind })}
      />
    </>
  );
}
