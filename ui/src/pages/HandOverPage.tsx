import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { App, Button, Checkbox, Select } from "antd";
import { UserRoundMinus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { manage } from "@/api/manage";
import { useSession } from "@/app/session";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { BoneLines } from "@/design/Bones";
import { Failure, messageOf } from "@/design/Failure";
import { Page } from "@/design/Page";
import { formatNumber } from "@/format/number";
import { handOver, type HandOverRule, type Holdings, holdingsQuery, pastQuery } from "@/handover/handover";
import styles from "@/handover/handover.module.css";
import { PastHandOvers } from "@/handover/PastHandOvers";

import { NotFoundPage } from "./NotFoundPage";

const REST = "rest";
const POOL = "pool";
const KEEP = "keep";

export function HandOverPage() {
  const { permissions } = useSession();
  return permissions.includes("hand_over") ? <HandingOver /> : <NotFoundPage />;
}

/** Everything of one person: what there is, who takes it, and how far it is. */
function HandingOver() {
  const { t } = useTranslation();
  const { user } = useParams({ from: "/shell/handover/$user" });
  const { data, error, refetch } = useQuery(holdingsQuery(user));
  const title = t("handover.title", { name: data?.person.label ?? "" });
  return (
    <Page icon={UserRoundMinus} title={title} width="narrow">
      <p className={styles.intro}>{t("handover.intro")}</p>
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines lines={8} /> : null}
      {data ? <Plan key={data.person.id} holdings={data} /> : null}
      <PastHandOvers person={user} />
    </Page>
  );
}

function Plan({ holdings }: { holdings: Holdings }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [rest, setRest] = useState<string[]>([]);
  const [choices, setChoices] = useState<Record<string, string>>({});
  const [close, setClose] = useState(holdings.may_close);
  const [busy, setBusy] = useState(false);
  const objects = [...new Set(holdings.records.map((one) => one.object))];
  const rules: Record<string, HandOverRule> = {};
  for (const object of objects) {
    const choice = choices[object] ?? REST;
    if (choice === POOL) rules[object] = { pool: true };
    else if (choice === KEEP) rules[object] = { keep: true };
    else if (choice !== REST) rules[object] = { to: [choice] };
  }
  const ready = rest.length > 0 || objects.every((object) => object in rules);
  const start = async () => {
    setBusy(true);
    try {
      const all = rest.length > 0 ? rules : { ...rules };
      await handOver(holdings.person.id, { rules: all, ...(rest.length > 0 ? { rest } : {}), close });
      await client.invalidateQueries({ queryKey: pastQuery.queryKey });
      void message.success(t("handover.started"));
    } catch (error) {
      void message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  if (holdings.records.length === 0 && !holdings.may_close) return <p>{t("handover.nothing")}</p>;
  return (
    <>
      <section className={styles.rest}>
        <label htmlFor="handover-rest">{t("handover.rest")}</label>
        <People id="handover-rest" but={holdings.person.id} value={rest} onChange={setRest} />
        <small>{t("handover.restHint")}</small>
      </section>
      <Records
        holdings={holdings}
        choices={choices}
        onChoose={(object, choice) => setChoices({ ...choices, [object]: choice })}
      />
      <Beside holdings={holdings} />
      <footer className={styles.foot}>
        {holdings.may_close ? (
          <Checkbox checked={close} onChange={(event) => setClose(event.target.checked)}>
            {t("handover.close")}
          </Checkbox>
        ) : (
          <span className={styles.quiet}>{t("handover.notClosing")}</span>
        )}
        <Button type="primary" loading={busy} disabled={!ready} onClick={() => void start()}>
          {t("handover.start")}
        </Button>
      </footer>
    </>
  );
}

interface RecordsProps {
  holdings: Holdings;
  choices: Record<string, string>;
  onChoose: (object: string, choice: string) => void;
}

function Records({ holdings, choices, onChoose }: RecordsProps) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const { objects } = useCatalog();
  const { data: people } = useQuery(colleaguesQuery);
  const first = new Set<string>();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t("handover.what")}</th>
          <th scope="col" className={styles.number}>
            {t("handover.count")}
          </th>
          <th scope="col">{t("handover.who")}</th>
        </tr>
      </thead>
      <tbody>
        {holdings.records.map((one) => {
          const object = objects[one.object];
          const name = say(object?.plural) || one.object;
          const leads = !first.has(one.object);
          first.add(one.object);
          return (
            <tr key={`${one.object}.${one.field}`}>
              <td>
                <span className={styles.what}>
                  <ObjectIcon name={object?.icon} size={15} />
                  {name}
                  {one.field === "owner" ? null : <small>{say(one.label)}</small>}
                </span>
              </td>
              <td className={styles.number}>{formatNumber(one.count, i18n.language)}</td>
              <td>
                {leads ? (
                  <Select<string>
                    aria-label={t("handover.whoTakes", { thing: name })}
                    className={styles.choice}
                    value={choices[one.object] ?? REST}
                    showSearch={{ optionFilterProp: "label" }}
                    options={[
                      { value: REST, label: t("handover.asRest") },
                      ...(one.pool ? [{ value: POOL, label: t("handover.pool") }] : []),
                      { value: KEEP, label: t("handover.keep") },
                      ...(people ?? [])
                        .filter((person) => person.id !== holdings.person.id)
                        .map((person) => ({ value: person.id, label: person.label ?? "" })),
                    ]}
                    onChange={(choice) => onChoose(one.object, choice)}
                  />
                ) : (
                  <span className={styles.quiet}>{t("handover.same")}</span>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const colleaguesQuery = {
  queryKey: ["colleagues", ""],
  queryFn: ({ signal }: { signal: AbortSignal }) => manage.colleagues("", signal),
};

function People({ id, but, value, onChange }: { id: string; but: string; value: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const { data } = useQuery({ queryKey: ["colleagues", typed], queryFn: ({ signal }) => manage.colleagues(typed, signal) });
  const [known, setKnown] = useState<Record<string, string>>({});
  const found = (data ?? []).filter((one) => one.id !== but);
  const options = [
    ...value.filter((one) => !found.some((person) => person.id === one)).map((one) => ({ value: one, label: known[one] ?? one })),
    ...found.map((one) => ({ value: one.id, label: [one.label, one.team].filter(Boolean).join(" · ") })),
  ];
  return (
    <Select<string[]>
      id={id}
      mode="multiple"
      className={styles.people}
      placeholder={t("handover.pick")}
      value={value}
      options={options}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      onChange={(ids) => {
        setKnown({ ...known, ...Object.fromEntries(options.map((one) => [one.value, one.label])) });
        onChange(ids);
      }}
    />
  );
}

/** What hangs on the person beside records. */
function Beside({ holdings }: { holdings: Holdings }) {
  const { t } = useTranslation();
  const told = Object.entries(holdings.beside).filter(([, count]) => count > 0);
  if (told.length === 0) return null;
  return (
    <ul className={styles.beside}>
      {told.map(([name, count]) => (
        <li key={name}>{t(`handover.beside.${name}`, { count })}</li>
      ))}
    </ul>
  );
}
