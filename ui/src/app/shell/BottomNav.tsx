import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Drawer } from "antd";
import { Download, House, LayoutGrid, Plus } from "lucide-react";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { may, useCatalog } from "@/catalog/catalog";
import { groupObjects } from "@/catalog/groups";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { cx } from "@/design/cx";
import { useCreate } from "@/records/create/context";

import { useInstall } from "../install";
import styles from "./BottomNav.module.css";
import { type Place, usePlaces } from "./places";

/** The phone's navigation: home, the first objects, create, and the rest in a sheet. */
export function BottomNav() {
  const { t } = useTranslation();
  const catalog = useCatalog();
  const groups = groupObjects(catalog);
  const create = useCreate();
  const [open, setOpen] = useState(false);
  const current = useParams({ strict: false }).object;
  const first = groups.flatMap((group) => group.objects).slice(0, 2);
  const target = current ? catalog.objects[current] : first[0];
  return (
    <nav className={styles.bar} aria-label={t("shell.navigation")}>
      <Link
        to="/"
        className={styles.entry}
        activeOptions={{ exact: true, includeSearch: false }}
        activeProps={{ className: styles.on, "aria-current": "page" }}
      >
        <House size={21} strokeWidth={1.7} aria-hidden />
        <span>{t("shell.home")}</span>
      </Link>
      {first.slice(0, 1).map((object) => (
        <Entry key={object.name} object={object} current={current === object.name} />
      ))}
      <button
        type="button"
        className={styles.plus}
        aria-label={t("shell.create")}
        disabled={!may(target, "create")}
        onClick={() => target && create({ object: target.name })}
      >
        <Plus size={22} aria-hidden />
      </button>
      {first.slice(1).map((object) => (
        <Entry key={object.name} object={object} current={current === object.name} />
      ))}
      <button type="button" className={styles.entry} aria-expanded={open} onClick={() => setOpen(true)}>
        <LayoutGrid size={21} strokeWidth={1.7} aria-hidden />
        <span>{t("shell.more")}</span>
      </button>
      <Drawer open={open} onClose={() => setOpen(false)} placement="bottom" size="auto" title={t("shell.navigation")}>
        <MoreSheet groups={groups} onPick={() => setOpen(false)} />
      </Drawer>
    </nav>
  );
}

function Entry({
  object,
  current,
}: {
  object: { name: string; icon?: string; plural: { zh: string; en: string } };
  current: boolean;
}) {
  const say = useLabel();
  return (
    <Link
      to="/records/$object"
      params={{ object: object.name }}
      search={{}}
      className={cx(styles.entry, current && styles.on)}
      aria-current={current ? "page" : undefined}
    >
      <ObjectIcon name={object.icon} size={21} />
      <span>{say(object.plural)}</span>
    </Link>
  );
}

interface SheetProps {
  groups: ReturnType<typeof groupObjects>;
  onPick: () => void;
}

function MoreSheet({ groups, onPick }: SheetProps) {
  const say = useLabel();
  const places = usePlaces().filter((place) => place.name !== "home");
  const insight = places.filter((place) => place.side === "insight");
  const { how, install } = useInstall();
  const { t } = useTranslation();
  const navigate = useNavigate();
  const go = (object: string) => {
    onPick();
    void navigate({ to: "/records/$object", params: { object }, search: {} });
  };
  return (
    <div className={styles.sheet}>
      {groups.map((group) => (
        <section key={group.name}>
          <h3 className={styles.heading}>{t(`shell.group.${group.name}`)}</h3>
          <div className={styles.tiles}>
            {group.objects.map((object) => (
              <button key={object.name} type="button" className={styles.tile} onClick={() => go(object.name)}>
                <ObjectIcon name={object.icon} size={20} />
                <span>{say(object.plural)}</span>
              </button>
            ))}
          </div>
        </section>
      ))}
      {insight.length > 0 ? (
        <section>
          <h3 className={styles.heading}>{t("shell.group.insight")}</h3>
          <PlaceTiles places={insight} onPick={onPick} />
        </section>
      ) : null}
      <PlaceTiles places={places.filter((place) => place.side !== "insight")} onPick={onPick} />
      {how === "offered" ? (
        <button type="button" className={styles.wide} onClick={() => void install()}>
          <Download size={18} aria-hidden /> {t("shell.install")}
        </button>
      ) : null}
      {how === "by hand" ? <p className={styles.heading}>{t("shell.installByHand")}</p> : null}
    </div>
  );
}

function PlaceTiles({ places, onPick }: { places: readonly Place[]; onPick: () => void }) {
  return (
    <section className={styles.tiles}>
      {places.map(({ name, to, icon: Icon, text }) => (
        <Link key={name} to={to} className={styles.tile} onClick={onPick}>
          <Icon size={20} strokeWidth={1.7} aria-hidden />
          <span>{text}</span>
        </Link>
      ))}
    </section>
  );
}
