import { Dropdown } from "antd";
import { ChevronDown, Kanban } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { View } from "@/api/types";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { usePhone } from "@/design/media";

import styles from "./tabs.module.css";

const SHOWN = 6;

interface Props {
  views: View[];
  current: string;
  /** The name that stands for no view: every record. */
  none: string;
  onPick: (view: string) => void;
}

/**
 * The saved views as tabs, and every record where no view has them all.
 *
 * Those beyond the first few lie in a menu; on a phone all stand in one scrolling row.
 */
export function ViewTabs({ views, current, none, onPick }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const phone = usePhone();
  const whole = views.some((view) => view.kind === "list" && !view.filter);
  const all = [
    ...views.map((view) => ({ name: view.name, text: say(view.label), board: view.kind === "board" })),
    ...(whole && current !== none ? [] : [{ name: none, text: t("list.all"), board: false }]),
  ];
  const place = all.findIndex((tab) => tab.name === current);
  const shown = phone ? all : all.slice(0, SHOWN);
  const rest = phone ? [] : all.slice(SHOWN);
  const hidden = rest.find((tab) => tab.name === current);
  return (
    <div className={styles.tabs}>
      <div className={styles.row} role="tablist" aria-label={t("list.views")}>
        {shown.map((tab, index) => (
          <button
            key={tab.name}
            type="button"
            role="tab"
            aria-selected={index === place}
            className={cx(styles.tab, index === place && styles.on)}
            onClick={() => onPick(tab.name)}
          >
            {tab.board ? <Kanban size={14} aria-hidden /> : null}
            {tab.text}
          </button>
        ))}
      </div>
      {rest.length > 0 ? (
        <Dropdown
          trigger={["click"]}
          menu={{
            selectedKeys: [current],
            items: rest.map((tab) => ({
              key: tab.name,
              label: tab.text,
              icon: tab.board ? <Kanban size={14} /> : undefined,
            })),
            onClick: ({ key }) => onPick(key),
          }}
        >
          <button type="button" className={cx(styles.tab, hidden && styles.on)} aria-haspopup="menu">
            {hidden?.text ?? t("list.moreViews", { count: rest.length })}
            <ChevronDown size={14} aria-hidden />
          </button>
        </Dropdown>
      ) : null}
    </div>
  );
}
