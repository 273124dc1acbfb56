import { Dropdown } from "antd";
import { CalendarDays, ChevronDown, Kanban, ListTodo, TriangleAlert, Users } from "lucide-react";
import type { ReactNode } from "react";

import { useTranslation } from "@/app/translation";
import { cx } from "@/design/cx";
import { usePhone } from "@/design/media";

import styles from "./tabs.module.css";
import { type ListView, NO_VIEW } from "./views";

const SHOWN = 6;

interface Props {
  views: ListView[];
  whole: ListView;
  current: ListView;
  /** Whether what is shown differs from the current view. */
  changed: boolean;
  onPick: (view: string) => void;
  /** What can be done to the current view. */
  menu: ReactNode;
}

/**
 * The views as tabs, shipped and saved ones together, and every record where no view has them all.
 *
 * Those beyond the first few lie in a menu; on a phone all stand in one scrolling row.
 */
export function ViewTabs({ views, whole, current, changed, onPick, menu }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const covered = views.some((view) => view.look.kind === "list" && !view.look.filter);
  const all = covered && current.name !== NO_VIEW ? views : [...views, whole];
  const shown = phone ? all : all.slice(0, SHOWN);
  const rest = phone ? [] : all.slice(SHOWN);
  const hidden = rest.find((view) => view.name === current.name);
  return (
    <div className={styles.tabs}>
      <div className={styles.row} role="tablist" aria-label={t("list.views")}>
        {shown.map((view) => (
          <Tab
            key={view.name}
            view={view}
            on={view.name === current.name}
            changed={changed}
            onPick={() => onPick(view.name)}
          />
        ))}
      </div>
      {rest.length > 0 ? (
        <Dropdown
          trigger={["click"]}
          menu={{
            selectedKeys: [current.name],
            items: rest.map((view) => ({ key: view.name, label: view.text, icon: <Sign view={view} /> })),
            onClick: ({ key }) => onPick(key),
          }}
        >
          <button type="button" className={cx(styles.tab, hidden && styles.on)} aria-haspopup="menu">
            {hidden?.text ?? t("list.moreViews", { count: rest.length })}
            {hidden && changed ? <span className={styles.changed} aria-hidden /> : null}
            <ChevronDown size={14} aria-hidden />
          </button>
        </Dropdown>
      ) : null}
      {menu}
    </div>
  );
}

interface TabProps {
  view: ListView;
  on: boolean;
  changed: boolean;
  onPick: () => void;
}

function Tab({ view, on, changed, onPick }: TabProps) {
  const { t } = useTranslation();
  const owner = view.saved && !view.saved.mine ? view.saved.owner.label : null;
  return (
    <button
      type="button"
      role="tab"
      aria-selected={on}
      className={cx(styles.tab, on && styles.on)}
      title={owner ? t("views.sharedBy", { name: owner }) : undefined}
      onClick={onPick}
    >
      <Sign view={view} />
      {view.text}
      {on && changed ? (
        <span className={styles.changed}>
          <span className="sr-only">{t("views.changed")}</span>
        </span>
      ) : null}
    </button>
  );
}

function Sign({ view }: { view: ListView }) {
  const { t } = useTranslation();
  if (view.saved && view.saved.problems.length > 0) {
    return <TriangleAlert size={13} className={styles.broken} aria-label={t("views.outdated")} />;
  }
  if (view.look.kind === "board") return <Kanban size={14} aria-hidden />;
  if (view.look.kind === "calendar") return <CalendarDays size={14} aria-hidden />;
  if (view.look.kind === "agenda") return <ListTodo size={14} aria-hidden />;
  return view.saved && view.saved.shared !== "none" ? <Users size={13} aria-hidden /> : null;
}
