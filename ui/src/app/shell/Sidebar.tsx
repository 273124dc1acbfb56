import { Link, useParams, useRouterState } from "@tanstack/react-router";
import { Button, Tooltip } from "antd";
import { PanelLeftClose, PanelLeftOpen, Search } from "lucide-react";
import { memo, type ReactElement, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";

import type { ObjectDefinition } from "@/api/types";
import { painted } from "@/app/painted";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { type GroupName, groupObjects } from "@/catalog/groups";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { cx } from "@/design/cx";
import { Kbd } from "@/design/Kbd";

import { Mark } from "./Mark";
import { type Place, usePlaces } from "./places";
import styles from "./Sidebar.module.css";

const STORE = "chengdan.sidebar";

/** Navigation made from the catalog; folds to icons. */
export const Sidebar = memo(function Sidebar({ onSearch }: { onSearch: () => void }) {
  const { t } = useTranslation();
  const groups = groupObjects(useCatalog());
  const places = usePlaces();
  const insight = places.filter((place) => place.side === "insight");
  const [folded, setFolded] = useState(() => localStorage.getItem(STORE) === "folded");
  const nav = useRef<HTMLElement>(null);
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
      <nav ref={nav} className={styles.nav} aria-label={t("shell.navigation")}>
        <InView nav={nav} />
        <div className={styles.group}>
          {places
            .filter((place) => place.side === "top")
            .map((place) => (
              <PlaceItem key={place.name} place={place} folded={folded} />
            ))}
        </div>
        {groups.map((group) => (
          <NavGroup key={group.name} name={group.name} folded={folded}>
            {group.objects.map((object) => (
              <NavItem key={object.name} object={object} folded={folded} />
            ))}
          </NavGroup>
        ))}
        {insight.length > 0 ? (
          <NavGroup name="insight" folded={folded}>
            {insight.map((place) => (
              <PlaceItem key={place.name} place={place} folded={folded} />
            ))}
          </NavGroup>
        ) : null}
      </nav>
      <div className={styles.foot}>
        {places
          .filter((place) => place.side === "foot")
          .map((place) => (
            <PlaceItem key={place.name} place={place} folded={folded} />
          ))}
      </div>
    </aside>
  );
});

/** Keeps the item of the current page in view; by itself, so that the others are not drawn anew with each page, and once that is
 * on screen, when where things are is known. */
function InView({ nav }: { nav: RefObject<HTMLElement | null> }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => {
    void painted().then(() => nav.current?.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" }));
  }, [nav, path]);
  return null;
}

/** Its name beside an item of which only the icon is shown. */
function Named({ text, folded, children }: { text: string; folded: boolean; children: ReactElement }) {
  if (!folded) return children;
  return (
    <Tooltip title={text} placement="right">
      {children}
    </Tooltip>
  );
}

function PlaceItem({ place, folded }: { place: Place; folded: boolean }) {
  const Icon = place.icon;
  return (
    <Named text={place.text} folded={folded}>
      <Link
        to={place.to}
        activeOptions={{ exact: place.to === "/", includeSearch: false }}
        className={styles.item}
        activeProps={{ className: styles.on, "aria-current": "page" }}
      >
        <Icon size={16} strokeWidth={1.7} aria-hidden />
        <span className={styles.word}>{place.text}</span>
      </Link>
    </Named>
  );
}

interface NavGroupProps {
  name: GroupName | "insight";
  folded: boolean;
  children: ReactNode;
}

/** A heading with what belongs together below it; whoever closes it finds it closed the next time. */
function NavGroup({ name, folded, children }: NavGroupProps) {
  const { t } = useTranslation();
  const store = `${STORE}.${name}`;
  const [open, setOpen] = useState(() => localStorage.getItem(store) !== "closed");
  const toggle = () => {
    localStorage.setItem(store, open ? "closed" : "open");
    setOpen(!open);
  };
  return (
    <section className={styles.group}>
      {folded ? (
        <hr className={styles.rule} />
      ) : (
        <button type="button" className={styles.heading} aria-expanded={open} onClick={toggle}>
          {t(`shell.group.${name}`)}
        </button>
      )}
      {open || folded ? children : null}
    </section>
  );
}

function NavItem({ object, folded }: { object: ObjectDefinition; folded: boolean }) {
  const say = useLabel();
  const current = useParams({ strict: false, select: (params) => params.object === object.name });
  return (
    <Named text={say(object.plural)} folded={folded}>
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
    </Named>
  );
}
