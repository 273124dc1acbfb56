import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ChevronRight, HeartPulse } from "lucide-react";

import type { ScoreDefinition } from "@/api/scores";
import { PageTitle } from "@/app/shell/slot";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Failure } from "@/design/Failure";
import { definitionQuery, scoreOf } from "@/scores/queries";
import { Tuner } from "@/scores/Tuner";

import { NotFoundPage } from "./NotFoundPage";

export function TuningPage() {
  const { score: name } = useParams({ from: "/shell/scores/$score/tuning" });
  const score = scoreOf(useCatalog(), name);
  return score?.can_tune ? <Tuning key={name} score={score} /> : <NotFoundPage />;
}

/** The weights and bounds of a score, tried out on all records before they are published. */
function Tuning({ score }: { score: ScoreDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { data, error, refetch } = useQuery(definitionQuery(score.name));
  return (
    <>
      <PageTitle text={t("scores.tuning")}>
        <Link to="/scores/$score" params={{ score: score.name }} search={{}}>
          <HeartPulse size={16} strokeWidth={1.7} aria-hidden />
          {say(score.label)}
        </Link>
        <ChevronRight size={14} aria-hidden />
        <h1>{t("scores.tuning")}</h1>
      </PageTitle>
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines lines={10} /> : null}
      {data ? <Tuner key={data.version} score={score} full={data} /> : null}
    </>
  );
}
