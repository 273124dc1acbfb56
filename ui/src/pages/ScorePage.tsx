import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { App, Button, Segmented } from "antd";
import { HeartPulse, RefreshCw, SlidersHorizontal } from "lucide-react";

import type { ScoreDefinition } from "@/api/scores";
import { useTranslation } from "@/app/translation";
import { fieldOf, useCatalog, useObject } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Card } from "@/design/Card";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { Lead, Page } from "@/design/Page";
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
    <Page icon={HeartPulse} title={say(score.label)} width="full">
      <Lead
        note={
          <>
            {say(score.help)}
            {data?.at ? <Worked at={data.at} /> : null}
          </>
        }
      >
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
      </Lead>
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
            <Card
              title={t("scores.groups")}
              tools={
                <Segmented
                  size="small"
                  value={group}
                  options={GROUPS.map((one) => ({ value: one, label: say(fieldOf(object, one)?.label) }))}
                  onChange={(one) => void navigate({ search: { by: one }, replace: true })}
                />
              }
            >
              <Groups score={score} board={data} field={fieldOf(object, group)} />
            </Card>
          </div>
        </>
      ) : null}
    </Page>
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
