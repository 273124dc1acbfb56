import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { App, Button, Segmented } from "antd";
import { HeartPulse, RefreshCw, SlidersHorizontal } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { ScoreDefinition } from "@/api/scores";
import { PageTitle } from "@/app/shell/slot";
import { fieldOf, useCatalog, useObject } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { Time } from "@/design/Time";
import { Changes } from "@/scores/Changes";
import { Groups } from "@/scores/Groups";
import { boardQuery, recomputeScore, scoreOf } from "@/scores/queries";
import styles from "@/scores/scores.module.css";
import { Tiles } from "@/scores/Tiles";

import { NotFoundPage } from "./NotFoundPage";

const GROUPS = ["owner", "team"] as const;

export function ScorePage() {
  const { score: name } = useParams({ from: "/shell/scores/$score" });
  const score = scoreOf(useCatalog(), name);
  return score ? <ScoreBoard key={name} score={score} /> : <NotFoundPage />;
}

/** All records of a score by colour, who turned within a week, and how groups stand. */
function ScoreBoard({ score }: { score: ScoreDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { message } = App.useApp();
  const { by } = useSearch({ from: "/shell/scores/$score" });
  const navigate = useNavigate({ from: "/scores/$score" });
  const object = useObject(score.object);
  const group = GROUPS.find((one) => one === by) ?? "owner";
  const { data, error, refetch } = useQuery(boardQuery(score.name, group));
  const nothing = data ? Object.values(data.now).every((count) => count === 0) : false;
  const recompute = async () => {
    try {
      await recomputeScore(score.name);
      void message.success(t("scores.recomputing"));
    } catch (refusal) {
      void message.error(messageOf(refusal));
    }
  };
  return (
    <>
      <PageTitle text={say(score.label)}>
        <HeartPulse size={16} strokeWidth={1.7} aria-hidden />
        <h1>{say(score.label)}</h1>
      </PageTitle>
      <div className={styles.page}>
        <header className={styles.head}>
          <p className={styles.quiet}>
            {say(score.help)}
            {data?.at ? <Worked at={data.at} /> : null}
          </p>
          {score.can_tune ? (
            <div className={styles.tools}>
              <Button icon={<RefreshCw size={15} />} onClick={() => void recompute()}>
                {t("scores.recompute")}
              </Button>
              <Link to="/scores/$score/tuning" params={{ score: score.name }} className={styles.button}>
                <SlidersHorizontal size={15} aria-hidden /> {t("scores.tune")}
              </Link>
            </div>
          ) : null}
        </header>
        {error ? <Failure error={error} retry={() => void refetch()} /> : null}
        {!data && !error ? <BoneLines lines={8} /> : null}
        {data && object && nothing ? (
          <Empty icon={<HeartPulse size={22} />} title={t("scores.empty")} hint={t("scores.emptyHint")} />
        ) : null}
        {data && object && !nothing ? (
          <>
            <Tiles score={score} board={data} />
            <div className={styles.columns}>
              <Changes score={score} board={data} />
              <section className={styles.panel} aria-label={t("scores.groups")}>
                <header className={styles.panelHead}>
                  <h2>{t("scores.groups")}</h2>
                  <Segmented
                    size="small"
                    value={group}
                    options={GROUPS.map((one) => ({ value: one, label: say(fieldOf(object, one)?.label) }))}
                    onChange={(one) => void navigate({ search: { by: one }, replace: true })}
                  />
                </header>
                <Groups score={score} board={data} field={fieldOf(object, group)} />
              </section>
            </div>
          </>
        ) : null}
      </div>
    </>
  );
}

function Worked({ at }: { at: string }) {
  const { t } = useTranslation();
  return (
    <>
      {" · "}
      {t("scores.worked")} <Time value={at} />
    </>
  );
}
