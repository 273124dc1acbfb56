import { Link, useParams } from "@tanstack/react-router";
import { Button, Tooltip } from "antd";
import { ListChecks, PanelLeftClose, PanelLeftOpen, Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ObjectDefinition } from "@/api/types";
import { useCatalog } from "@/catalog/catalog";
import { type Group, groupObjects } from "@/catalog/groups";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { cx } from "@/design/cx";
import { Kbd } from "@/design/Kbd";

import { Mark } from "./Mark";
import styles from "./Sidebar.module.css";

const STORE = "chengdan.sidebar";

/** Navigation made from the catalog; folds to icons. */
export function Sidebar({ onSearch }: { onSearch: () => void }) {
  const { t } = useTranslation();
  const groups = groupObjects(useCatalog());
  const [folded, setFolded] = useState(() => localStorage.getItem(STORE) === "folded");
  const fold = () => {
    localStorage.setItem(STORE, folded ? "open" : "folded");
    setFolded(!folded);
  };
  return (
    <aside className={cx(styles.rail, folded && styles.folded)}>
      <div className={styles.brand}>
        <Link to="/" className={styles.home} aria-label={folded ? t("shell.home") : undefined}>
          <Mark />
          <span className={styles.word}>{t("app.name")}</span>
        </Link>
        <Button
          type="text"
          size="small"
          className={styles.fold}
          aria-label={folded ? t("shell.unfold") : t("shell.fold")}
          aria-expanded={!folded}
          icon={folded ? <PanelLeftOpen size={16} strokeWidth={1.7} /> : <PanelLeftClose size={16} strokeWidth={1.7} />}
          onClick={fold}
        />
      </div>
      <button
        type="button"
        className={styles.search}
        onClick={onSearch}
        aria-label={folded ? t("shell.search") : undefined}
      >
        <Search size={15} strokeWidth={1.8} aria-hidden />
        <span className={styles.word}>{t("shell.search")}</span>
        <span className={styles.keys}>
          <Kbd keys="modK" />
        </span>
      </button>
      <nav className={styles.nav} aria-label={t("shell.navigation")}>
        {groups.map((group) => (
          <NavGroup key={group.name} group={group} folded={folded} />
        ))}
      </nav>
      <div className={styles.foot}>
        <Tooltip title={folded ? t("jobs.title") : ""} placement="right">
          <Link to="/jobs" className={styles.item} activeProps={{ className: styles.on, "aria-current": "page" }}>
            <ListChecks size={16} strokeWidth={1.7} aria-hidden />
            <span className={styles.word}>{t("jobs.title")}</span>
          </Link>
        </Tooltip>
      </div>
    </aside>
  );
}

function NavGroup({ group, folded }: { group: Group; folded: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(true);
  return (
    <section className={styles.group}>
      {folded ? (
        <hr className={styles.rule} />
      ) : (
        <button type="button" className={styles.heading} aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(`shell.group.${group.name}`)}
        </button>
      )}
      {open || folded
        ? group.objects.map((object) => <NavItem key={object.name} object={object} folded={folded} />)
        : null}
    </section>
  );
}

function NavItem({ object, folded }: { object: ObjectDefinition; folded: boolean }) {
  const say = useLabel();
  const current = useParams({ strict: false }).object === object.name;
  return (
    <Tooltip title={folded ? say(object.plural) : ""} placement="right">
      <Link
        to="/records/$object"
        params={{ object: object.name }}
        search={{}}
        className={cx(styles.item, current && styles.on)}
        aria-current={current ? "page" : undefined}
      >
        <ObjectIcon name={object.icon} />
        <span className={styles.word}>{say(object.plural)}</span>
      </Link>
    </Tooltip>
  );
}
