import { Button, Dropdown, Segmented, Select } from "antd";
import { CalendarDays, Kanban, ListTodo, type LucideIcon, Rows3 } from "lucide-react";

import type { ListSearch } from "@/app/search";
import type { View, ViewKind } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { usePhone } from "@/design/media";

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
  const phone = usePhone();
  const names: Record<ViewKind, string> = {
    list: t("layout.list"),
    board: t("layout.board"),
    calendar: t("layout.calendar"),
    agenda: t("layout.agenda"),
  };
  const put = (kind: ViewKind) => onSearch({ layout: kind });
  const group = (by: string) => onSearch({ by: by === view?.board_field ? undefined : by });
  if (layout.possible.length === 1) return null;
  if (phone) return <PhonePicker layout={layout} names={names} put={put} group={group} />;
  return (
    <>
      {layout.kind === "board" && layout.groupings.length > 1 ? <GroupBy layout={layout} group={group} /> : null}
      <Segmented<ViewKind>
        aria-label={t("layout.title")}
        value={layout.kind}
        options={layout.possible.map((kind) => {
          const Icon = ICONS[kind];
          return { value: kind, icon: <Icon size={15} aria-hidden />, title: names[kind] };
        })}
        onChange={put}
      />
    </>
  );
}

function GroupBy({ layout, group }: { layout: Layout; group: (by: string) => void }) {
  const { t } = useTranslation();
  const say = useLabel();
  return (
    <Select
      className={styles.by}
      aria-label={t("layout.by")}
      prefix={<span className={styles.word}>{t("layout.by")}</span>}
      value={layout.by?.name}
      popupMatchSelectWidth={false}
      options={layout.groupings.map((field) => ({ value: field.name, label: say(field.label) }))}
      onChange={group}
    />
  );
}

interface PhoneProps {
  layout: Layout;
  names: Record<ViewKind, string>;
  put: (kind: ViewKind) => void;
  group: (by: string) => void;
}

/** One button for all of it. */
function PhonePicker({ layout, names, put, group }: PhoneProps) {
  const { t } = useTranslation();
  const say = useLabel();
  const Current = ICONS[layout.kind];
  const groupings = layout.kind === "board" && layout.groupings.length > 1 ? layout.groupings : [];
  return (
    <Dropdown
      trigger={["click"]}
      placement="bottomRight"
      menu={{
        selectable: true,
        selectedKeys: [layout.kind, `by:${layout.by?.name ?? ""}`],
        items: [
          ...layout.possible.map((kind) => {
            const Icon = ICONS[kind];
            return { key: kind, icon: <Icon size={15} />, label: names[kind], onClick: () => put(kind) };
          }),
          groupings.length > 0 && {
            key: "by",
            type: "group" as const,
            label: t("layout.by"),
            children: groupings.map((field) => ({
              key: `by:${field.name}`,
              label: say(field.label),
              onClick: () => group(field.name),
            })),
          },
        ].filter((item) => item !== false),
      }}
    >
      <Button
        icon={<Current size={15} />}
        aria-label={t("layout.current", { title: t("layout.title"), name: names[layout.kind] })}
      />
    </Dropdown>
  );
}
