import { Link } from "@tanstack/react-router";
import { App, Button, Switch } from "antd";
import { CircleCheck, CircleX, Pencil, Send } from "lucide-react";

import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { cx } from "@/design/cx";
import { messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { Time } from "@/design/Time";

import { VendorMark } from "./VendorMark";
import { type Outlet, type Outlets, useChangeOutlet, useTestOutlet } from "./outlets";
import styles from "./outlets.module.css";

interface Props {
  outlet: Outlet;
  known: Outlets;
  onEdit: () => void;
}

/** One outlet: what goes where, how it fares, and a way to try it. */
export function OutletItem({ outlet, known, onEdit }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const say = useLabel();
  const change = useChangeOutlet(outlet.id);
  const test = useTestOutlet(outlet.id);
  const kind = known.kinds.find((one) => one.name === outlet.kind);
  const fail = (error: Error) => void message.error(messageOf(error));
  return (
    <li className={cx(styles.outlet, !outlet.active && styles.resting)}>
      <VendorMark kind={outlet.kind} />
      <div className={styles.body}>
        <p className={styles.name}>
          <b className="cut">{outlet.name}</b>
          <small className="cut">
            {say(kind?.label)} · {outlet.host}
          </small>
        </p>
        <Audience outlet={outlet} known={known} />
        <p className={styles.facts}>
          <Standing outlet={outlet} />
          {outlet.waiting > 0 ? <span>{t("outlets.waits", { count: outlet.waiting })}</span> : null}
          {outlet.dead > 0 ? (
            <Link to="/settings/outlets" search={{ tab: "log", outlet: outlet.id, state: "dead" }} className={styles.bad}>
              {t("outlets.givenUp", { count: outlet.dead })}
            </Link>
          ) : null}
        </p>
        {test.data ? (
          <p className={test.data.arrived ? styles.good : styles.bad} role="status">
            {test.data.arrived ? t("outlets.tested") : t("outlets.testFailed", { answer: test.data.answer })}
          </p>
        ) : null}
      </div>
      <div className={styles.acts}>
        <Button
          icon={<Send size={14} />}
          loading={test.isPending}
          aria-label={t("outlets.testNamed", { name: outlet.name })}
          onClick={() => test.mutate(undefined, { onError: fail })}
        >
          {t("outlets.test")}
        </Button>
        <IconButton label={t("outlets.editNamed", { name: outlet.name })} icon={<Pencil size={15} />} onClick={onEdit} />
        <Switch
          checked={outlet.active}
          loading={change.isPending}
          aria-label={t("outlets.activeNamed", { name: outlet.name })}
          onChange={(active) => change.mutate({ version: outlet.version, active }, { onError: fail })}
        />
      </div>
    </li>
  );
}

/** What goes through it, of whom, in one line. */
function Audience({ outlet, known }: { outlet: Outlet; known: Outlets }) {
  const { t } = useTranslation();
  const say = useLabel();
  const comma = t("filter.comma");
  const kinds = outlet.kinds.map((name) => say(known.notices.find((one) => one.kind === name)?.label) || name);
  const whose = [
    ...outlet.teams.map((team) => team.label ?? ""),
    ...outlet.roles.map((name) => say(known.roles.find((role) => role.name === name)?.label) || name),
    ...outlet.people.map((person) => person.label ?? ""),
  ];
  const what = kinds.length > 0 ? kinds.join(comma) : t("outlets.everything");
  return (
    <p className={styles.audience}>
      {outlet.urgent_only ? t("outlets.urgentOf", { what }) : what}
      <span aria-hidden> → </span>
      {whose.length > 0 ? whose.join(comma) : t("outlets.everybody")}
    </p>
  );
}

function Standing({ outlet }: { outlet: Outlet }) {
  const { t } = useTranslation();
  if (!outlet.last) return <span>{t(outlet.active ? "outlets.unused" : "outlets.off")}</span>;
  const good = outlet.failures === 0 && outlet.last.state === "sent";
  const Icon = good ? CircleCheck : CircleX;
  return (
    <>
      {outlet.active ? null : <span>{t("outlets.off")}</span>}
      <span className={cx(styles.standing, good ? styles.good : styles.bad)}>
        <Icon size={13} aria-hidden />
        {good ? t("outlets.fine") : t("outlets.failing", { answer: outlet.last.answer })}
        <Time value={outlet.last.at} />
      </span>
    </>
  );
}
