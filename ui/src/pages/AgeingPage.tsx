import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Hourglass } from "lucide-react";

import { keys, records } from "@/api/records";
import type { Field, ObjectDefinition, Pipeline, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Card } from "@/design/Card";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { Page } from "@/design/Page";
import { Cell } from "@/fields/Cell";
import { quote } from "@/filters/codec";
import { NO_VIEW } from "@/records/list/views";
import styles from "@/records/loop/loop.module.css";
import { bandOf, daysSince, toneOf } from "@/records/loop/loops";
import { bothOf } from "@/records/query";

import { NotFoundPage } from "./NotFoundPage";

const PAGES = 5;
const PAGE = 200;

export function AgeingPage() {
  const catalog = useCatalog();
  const object = Object.values(catalog.objects).find((one) => one.loop);
  const pipeline = object ? pipelineOf(catalog, object) : null;
  return object?.loop && pipeline ? <Ageing object={object} pipeline={pipeline} loop={object.loop} /> : <NotFoundPage />;
}

interface Props {
  object: ObjectDefinition;
  pipeline: Pipeline;
  loop: NonNullable<ObjectDefinition["loop"]>;
}

/** How long what waits for an answer has been waiting, all together and by what it is about, whose it is and in which team. */
function Ageing({ object, pipeline, loop }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const waits = `${pipeline.field} == ${quote(pipeline.stages[0]?.name ?? "")}`;
  const open = bothOf(waits, loop.where) ?? waits;
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.object(object.name), "list", "ages"],
    queryFn: ({ signal }) => readAll(object, loop, open, signal),
  });
  const fields = loop.by.flatMap((name) => fieldOf(object, name) ?? []);
  const bands = [...loop.ages, null].map((_, band) => band);
  const count = (rows: Row[], band: number) => rows.filter((row) => bandOf(daysSince(row[loop.since]), loop.ages) === band).length;
  const within = (band: number) => [open, ageCondition(loop.since, loop.ages, band)].filter(Boolean).join(" and ");
  const name = (band: number) => bandName(t, loop.ages, band);
  return (
    <Page icon={Hourglass} title={t("places.loop")}>
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines lines={8} /> : null}
      {data?.rows.length === 0 ? (
        <Empty icon={<Hourglass size={20} />} title={t("loop.none")} hint={t("loop.noneHint")} />
      ) : null}
      {data && data.rows.length > 0 ? (
        <>
          {data.more ? <p className={styles.quiet}>{t("loop.most", { count: data.rows.length })}</p> : null}
          <div className={styles.bands}>
            {bands.map((band) => (
              <Link
                key={band}
                to="/records/$object"
                params={{ object: object.name }}
                search={{ view: NO_VIEW, filter: within(band), sort: loop.since }}
                className={styles.band}
              >
                <span className={styles.quiet}>{name(band)}</span>
                <b style={{ color: `var(--${toneOf(band)}-ink)` }}>{count(data.rows, band)}</b>
              </Link>
            ))}
          </div>
          <div className={styles.tables}>
            {fields.map((field) => (
              <Card key={field.name} label={say(field.label)} title={t("loop.by", { field: say(field.label) })}>
                <table className={styles.table}>
                  <thead>
                    <tr>
                      <th scope="col">{say(field.label)}</th>
                      {bands.map((band) => (
                        <th key={band} scope="col">
                          {name(band)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {groupsOf(data.rows, field).map(({ key, value, rows }) => (
                      <tr key={key}>
                        <th scope="row" className="cut">
                          {value ? <Cell object={object} field={field} value={value} row={rows[0]} dense /> : t("loop.blank")}
                        </th>
                        {bands.map((band) => {
                          const number = count(rows, band);
                          return (
                            <td key={band}>
                              {number > 0 ? (
                                <Link
                                  to="/records/$object"
                                  params={{ object: object.name }}
                                  search={{
                                    view: NO_VIEW,
                                    filter: `${within(band)} and ${groupIs(field, key)}`,
                                    sort: loop.since,
                                  }}
                                  className={styles.number}
                                  style={{ background: `var(--${toneOf(band)}-soft)`, color: `var(--${toneOf(band)}-ink)` }}
                                >
                                  {number}
                                </Link>
                              ) : (
                                <span className={styles.quiet}>·</span>
                              )}
                            </td>
                          );
                        })}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Card>
            ))}
          </div>
        </>
      ) : null}
    </Page>
  );
}

/** All that waits, the oldest first, as far as so many pages reach. */
async function readAll(object: ObjectDefinition, loop: Props["loop"], filter: string, signal: AbortSignal) {
  const fields = [loop.since, ...loop.by].join(",");
  const references = loop.by.filter((name) => fieldOf(object, name)?.object).join(",");
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page += 1) {
    const query = { filter, sort: loop.since, limit: PAGE, fields, expand: references };
    const found = await records.list(object.name, query, cursor, signal);
    rows.push(...found.items);
    cursor = found.next_cursor;
    if (cursor === null) break;
  }
  return { rows, more: cursor !== null };
}

interface Group {
  key: string;
  value: unknown;
  rows: Row[];
}

/** The rows by a field's value, the largest group first. */
function groupsOf(rows: Row[], field: Field): Group[] {
  const found = new Map<string, Group>();
  for (const row of rows) {
    const value = row[field.name];
    const key = value === null || value === undefined ? "" : typeof value === "object" ? String((value as { id: string }).id) : String(value as string);
    const group = found.get(key) ?? { key, value, rows: [] };
    group.rows.push(row);
    found.set(key, group);
  }
  return [...found.values()].sort((a, b) => b.rows.length - a.rows.length);
}

function groupIs(field: Field, key: string): string {
  if (!key) return `${field.name} == null`;
  return field.stored_type === "select" ? `${field.name} in [${quote(key)}]` : `${field.name} == ${quote(key)}`;
}

/** The condition that a day lies in a band of ages. */
function ageCondition(since: string, ages: readonly number[], band: number): string {
  const from = ages[band];
  const before = band > 0 ? ages[band - 1] : undefined;
  return [
    from === undefined ? "" : `${since} >= today() - ${from}d`,
    before === undefined ? "" : `${since} < today() - ${before}d`,
  ]
    .filter(Boolean)
    .join(" and ");
}

function bandName(t: (key: string, values?: Record<string, unknown>) => string, ages: readonly number[], band: number): string {
  const to = ages[band];
  const from = band > 0 ? (ages[band - 1] ?? 0) + 1 : 0;
  return to === undefined ? t("loop.over", { days: from - 1 }) : t("loop.within", { from, to });
}
