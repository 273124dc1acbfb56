import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Segmented, Select } from "antd";
import type { Dayjs } from "dayjs";
import { Share2, Users, X } from "lucide-react";
import { useState } from "react";

import { type Grantee, manage, manageKeys, type Share } from "@/api/manage";
import type { ObjectDefinition, Ref, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, targetOf } from "@/catalog/catalog";
import { Avatar } from "@/design/Avatar";
import { BoneLines } from "@/design/Bones";
import { DatePicker } from "@/design/DatePicker";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { Panel } from "@/design/Panel";
import { formatExact } from "@/format/date";

import { instantOf, readWall, today } from "@/format/today";
import { titleOf } from "../summary";
import styles from "./manage.module.css";
import { PickPerson, PickRecord } from "./Pick";

interface Props {
  object: ObjectDefinition;
  row: Row;
  open: boolean;
  /** Whom to share with, where that is known already. */
  person?: Ref | null;
  onClose: () => void;
}

/** With whom a record is shared, until when; give and take back. */
export function SharePanel({ object, row, open, person, onClose }: Props) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: manageKeys.shares(object.name, row.id),
    queryFn: ({ signal }) => manage.shares(object.name, row.id, signal),
    enabled: open,
  });
  return (
    <Panel open={open} title={t("share.title", { name: titleOf(object, row) })} onClose={onClose} width={520}>
      <div className={styles.stack}>
        <Giving object={object} row={row} person={person ?? null} />
        {error ? <Failure error={error} retry={() => void refetch()} /> : null}
        {!data && !error ? <BoneLines lines={3} /> : null}
        {data?.items.length === 0 ? (
          <Empty icon={<Share2 size={20} />} title={t("share.none")} hint={t("share.noneHint")} />
        ) : null}
        {data && data.items.length > 0 ? (
          <section aria-label={t("share.with")}>
            <h3 className={styles.caption}>{t("share.with")}</h3>
            <ul className={styles.shares}>
              {data.items.map((share) => (
                <Given key={(share.user ?? share.team)?.id} object={object} row={row} share={share} />
              ))}
            </ul>
          </section>
        ) : null}
      </div>
    </Panel>
  );
}

/** Says what was done, with a way back. */
function useChange(object: ObjectDefinition, row: Row) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  return async function change(work: () => Promise<unknown>, told: string, undo?: () => Promise<unknown>) {
    try {
      await work();
      await client.invalidateQueries({ queryKey: ["records", object.name, "one", row.id] });
      void message.open({
        type: "success",
        duration: undo ? 6 : 3,
        content: (
          <span>
            {told}
            {undo ? (
              <Button type="link" size="small" onClick={() => void change(undo, t("share.undone"))}>
                {t("action.undo")}
              </Button>
            ) : null}
          </span>
        ),
      });
      return true;
    } catch (error) {
      void message.error(messageOf(error));
      return false;
    }
  };
}

function Giving({ object, row, person }: { object: ObjectDefinition; row: Row; person: Ref | null }) {
  const { t } = useTranslation();
  const change = useChange(object, row);
  const teams = fieldOf(object, "team");
  const [kind, setKind] = useState<Grantee>("user");
  const [grantee, setGrantee] = useState<Ref | null>(person);
  const [act, setAct] = useState<Share["act"]>("read");
  const [until, setUntil] = useState<Dayjs | null>(null);
  const [busy, setBusy] = useState(false);
  const give = async () => {
    if (!grantee) return;
    setBusy(true);
    const end = until ? instantOf(until.endOf("day")).toISOString() : null;
    const done = await change(
      () => manage.share(object.name, row.id, kind, grantee.id, act, end),
      t("share.done", { name: grantee.label ?? "" }),
    );
    setBusy(false);
    if (done) setGrantee(null);
  };
  const actLabel = t("share.right");
  return (
    <section className={styles.giving} aria-label={t("share.give")}>
      {teams ? (
        <Segmented<Grantee>
          block
          value={kind}
          aria-label={t("share.kind")}
          options={[
            { value: "user", label: t("share.person") },
            { value: "team", label: t("share.team") },
          ]}
          onChange={(next) => {
            setKind(next);
            setGrantee(null);
          }}
        />
      ) : null}
      {kind === "user" || !teams ? (
        <PickPerson
          label={t("share.person")}
          placeholder={t("share.pickPerson")}
          value={grantee}
          onChange={setGrantee}
          autoFocus
        />
      ) : (
        <PickRecord
          label={t("share.team")}
          placeholder={t("share.pickTeam")}
          object={targetOf(teams)}
          value={grantee}
          onChange={setGrantee}
        />
      )}
      <div className={styles.terms}>
        <Select<Share["act"]>
          aria-label={actLabel}
          value={act}
          options={(["read", "update"] as const).map((value) => ({ value, label: t(`share.act.${value}`) }))}
          onChange={setAct}
        />
        <DatePicker
          aria-label={t("share.until")}
          placeholder={t("share.forGood")}
          value={until}
          minDate={today()}
          presets={[7, 30, 90].map((days) => ({
            label: t("share.days", { count: days }),
            value: today().add(days, "day"),
          }))}
          onChange={(next) => setUntil(next)}
        />
        <Button type="primary" disabled={!grantee} loading={busy} onClick={() => void give()}>
          {t("share.go")}
        </Button>
      </div>
      <p className={styles.hint}>{t(kind === "team" ? "share.teamHint" : "share.hint")}</p>
    </section>
  );
}

function Given({ object, row, share }: { object: ObjectDefinition; row: Row; share: Share }) {
  const { t } = useTranslation();
  const change = useChange(object, row);
  const kind: Grantee = share.team ? "team" : "user";
  const grantee = (share.team ?? share.user) as Ref;
  const name = grantee.label ?? grantee.id.slice(0, 8);
  const give = (act: Share["act"]) => manage.share(object.name, row.id, kind, grantee.id, act, share.until);
  return (
    <li className={styles.share}>
      {kind === "team" ? (
        <span className={styles.teamMark} aria-hidden>
          <Users size={14} />
        </span>
      ) : (
        <Avatar name={name} size={26} />
      )}
      <div className={styles.who}>
        <span className="cut">{name}</span>
        <small title={formatExact(share.at)}>
          {t("share.by", { name: share.by?.label ?? "—" })}
          {share.until ? ` · ${t("share.ends", { date: readWall(share.until).format("YYYY-MM-DD") })}` : ""}
        </small>
      </div>
      <Select<Share["act"]>
        aria-label={t("share.rightOf", { name })}
        variant="borderless"
        value={share.act}
        popupMatchSelectWidth={false}
        options={(["read", "update"] as const).map((value) => ({ value, label: t(`share.act.${value}`) }))}
        onChange={(act) => void change(() => give(act), t("share.changed", { name }), () => give(share.act))}
      />
      <IconButton
        size="small"
        label={t("share.takeBack", { name })}
        icon={<X size={15} />}
        onClick={() =>
          void change(
            () => manage.unshare(object.name, row.id, kind, grantee.id),
            t("share.taken", { name }),
            () => give(share.act),
          )
        }
      />
    </li>
  );
}
