import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { Mail } from "lucide-react";
import type { ReactNode } from "react";

import { manage } from "@/api/manage";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { formatNumber } from "@/format/number";

import { type Choices, CLOSE, KEEP, POOL, REST } from "./choices";
import type { Holdings } from "./handover";
import styles from "./handover.module.css";

interface Props {
  holdings: Holdings;
  choices: Choices;
  onChoose: (what: string, choice: string) => void;
}

/** What there is to hand over, line by line, each with who takes it. */
export function What({ holdings, choices, onChoose }: Props) {
  const { t, i18n } = useTranslation();
  const say = useLabel();
  const { objects } = useCatalog();
  const figure = (count: number) => formatNumber(count, i18n.language);
  const led = new Set<string>();
  if (holdings.records.length + holdings.mail.length === 0) return null;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t("handover.what")}</th>
          <th scope="col" className={styles.number}>
            {t("handover.count")}
          </th>
          <th scope="col" className={styles.goes}>
            {t("handover.who")}
          </th>
        </tr>
      </thead>
      <tbody>
        {holdings.records.map((one) => {
          const object = objects[one.object];
          const name = say(object?.plural) || one.object;
          const leads = !led.has(one.object);
          led.add(one.object);
          const ways = [...(one.pool ? [{ value: POOL, label: t("handover.pool") }] : []), { value: KEEP, label: t("handover.keep") }];
          return (
            <Line
              key={`${one.object}.${one.field}`}
              icon={<ObjectIcon name={object?.icon} size={15} />}
              name={name}
              detail={one.field === "owner" ? "" : say(one.label)}
              count={figure(one.count)}
            >
              {one.audit ? <span className={styles.quiet}>{t("handover.toReviewer")}</span> : null}
              {!one.audit && !leads ? <span className={styles.quiet}>{t("handover.same")}</span> : null}
              {!one.audit && leads ? (
                <Choice
                  name={name}
                  but={holdings.person.id}
                  value={choices[one.object] ?? REST}
                  ways={ways}
                  onChoose={(choice) => onChoose(one.object, choice)}
                />
              ) : null}
            </Line>
          );
        })}
        {holdings.mail.map((account) => (
          <Line
            key={account.id}
            icon={<Mail size={15} strokeWidth={1.7} aria-hidden />}
            name={account.address}
            detail={t(account.shared ? "handover.mailShared" : "handover.mail")}
            count={figure(1)}
          >
            <Choice
              name={account.address}
              but={holdings.person.id}
              value={choices[account.id] ?? REST}
              ways={[{ value: CLOSE, label: t("handover.closeMail") }]}
              onChoose={(choice) => onChoose(account.id, choice)}
            />
          </Line>
        ))}
      </tbody>
    </table>
  );
}

interface LineProps {
  icon: ReactNode;
  name: string;
  detail: string;
  count: string;
  children: ReactNode;
}

function Line({ icon, name, detail, count, children }: LineProps) {
  return (
    <tr>
      <td>
        <span className={styles.what}>
          {icon}
          <span className={styles.name}>{name}</span>
          {detail ? <small>{detail}</small> : null}
        </span>
      </td>
      <td className={styles.number}>{count}</td>
      <td className={styles.goes}>{children}</td>
    </tr>
  );
}

interface ChoiceProps {
  name: string;
  but: string;
  value: string;
  /** Other ways than giving it to somebody. */
  ways: { value: string; label: string }[];
  onChoose: (choice: string) => void;
}

function Choice({ name, but, value, ways, onChoose }: ChoiceProps) {
  const { t } = useTranslation();
  const { data: people } = useQuery({
    queryKey: ["colleagues", ""],
    queryFn: ({ signal }) => manage.colleagues("", signal),
  });
  const colleagues = (people ?? []).filter((person) => person.id !== but);
  return (
    <Select<string>
      aria-label={t("handover.whoTakes", { thing: name })}
      className={styles.choice}
      value={value}
      showSearch={{ optionFilterProp: "label" }}
      options={[
        { value: REST, label: t("handover.asRest") },
        ...ways,
        ...colleagues.map((person) => ({ value: person.id, label: person.label ?? "" })),
      ]}
      onChange={onChoose}
    />
  );
}
