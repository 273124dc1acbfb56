import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Dropdown, Select } from "antd";
import { ChevronRight, Download, ReceiptText } from "lucide-react";
import { useState } from "react";

import { address } from "@/api/client";
import type { AuditDefinition } from "@/api/auditing";
import { useTranslation } from "@/app/translation";
import { may, useObject } from "@/catalog/catalog";
import { Person } from "@/design/Avatar";
import { BoneLines } from "@/design/Bones";
import { Card } from "@/design/Card";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { Time } from "@/design/Time";
import { formatMoney, formatNumber } from "@/format/number";

import { today } from "@/format/today";
import { bonusQuery, quartersUpTo, type Statement } from "./api";
import styles from "./audits.module.css";
import { Score } from "./Score";

interface Props {
  audit: AuditDefinition;
  /** How the amount is worked out. */
  expression: string;
  quarter: string | undefined;
  onQuarter: (quarter: string) => void;
}

/** What a quarter's final reviews make for each person, down to the reviews. */
export function Bonus({ audit, expression, quarter, onQuarter }: Props) {
  const { t, i18n } = useTranslation();
  const object = useObject(audit.reviews);
  const quarters = quartersUpTo(today().toDate(), 6);
  const shown = quarter ?? quarters[0] ?? "";
  const { data, error, refetch } = useQuery(bonusQuery(audit.name, shown));
  const total = data?.items.reduce((sum, one) => sum + (one.amount ?? 0), 0) ?? 0;
  return (
    <Card
      heading="h3"
      label={t("audits.tab.bonus")}
      title={
        <>
          <Select
            aria-label={t("audits.quarter")}
            value={shown}
            options={quarters.map((one) => ({ value: one, label: one }))}
            onChange={onQuarter}
          />
          {data && data.items.length > 0 ? <small>{t("audits.total", { sum: formatMoney(total, "CNY", i18n.language) })}</small> : null}
        </>
      }
      tools={
        may(object, "export") && data && data.items.length > 0 ? (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: (["xlsx", "csv"] as const).map((format) => ({
                key: format,
                label: t(`exporting.format.${format}`),
                onClick: () =>
                  window.location.assign(address(`/api/audits/${audit.name}/bonus`, { quarter: shown, format })),
              })),
            }}
          >
            <span>
              <IconButton label={t("exporting.menu")} icon={<Download size={15} />} />
            </span>
          </Dropdown>
        ) : null
      }
    >
      {expression ? (
        <p className={styles.expression}>
          <span>{t("audits.rule")}</span>
          <code>{expression}</code>
        </p>
      ) : null}
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines lines={5} /> : null}
      {data && data.items.length === 0 ? (
        <Empty icon={<ReceiptText size={20} />} title={t("audits.noBonus")} hint={t("audits.noBonusHint")} />
      ) : null}
      {data?.items.map((one) => <Line key={one.person} audit={audit} statement={one} />)}
    </Card>
  );
}

function Line({ audit, statement }: { audit: AuditDefinition; statement: Statement }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.statement}>
      <button type="button" className={styles.line} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={14} aria-hidden />
        <Person name={statement.label} />
        <span className={styles.quiet}>
          {t("audits.reviewsCount", { count: statement.reviews })}
          {statement.lowest === null ? "" : ` · ${t("audits.lowest", { score: formatNumber(statement.lowest, i18n.language, 1) })}`}
          {statement.upheld > 0 ? ` · ${t("audits.upheld", { count: statement.upheld })}` : ""}
        </span>
        <Score value={statement.score} />
        <b className={styles.amount}>
          {statement.amount === null ? "—" : formatMoney(statement.amount, "CNY", i18n.language)}
        </b>
      </button>
      {open ? (
        <ul className={styles.items}>
          {statement.items.map((item) => (
            <li key={item.id}>
              <Link to="/audits/$audit/$id" params={{ audit: audit.name, id: item.id }} className="cut">
                {item.name}
              </Link>
              <Time value={item.final_at} />
              <Score value={item.score} first={item.first_score} />
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
