import { useQuery } from "@tanstack/react-query";

import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { ButtonLink } from "@/design/ButtonLink";
import { Failure } from "@/design/Failure";

import { jobQuery } from "../jobs";
import { ResultStep } from "../ResultStep";

interface Props {
  job: string;
  mapped: boolean;
  onBack: () => void;
  onRun: () => void;
}

/** How the telling goes, what came of it, and the way to the process analysis of the time that the log is about. */
export function LogResult({ job: id, mapped, onBack, onRun }: Props) {
  const { t } = useTranslation();
  const { objects, pipelines } = useCatalog();
  const { permissions } = useSession();
  const { data: job, error, refetch } = useQuery(jobQuery(id));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  const object = job?.object ? objects[job.object] : undefined;
  if (!job || !object) return null;
  const pipeline = Object.values(pipelines).find((one) => one.object === object.name);
  const [since, until] = [job.since?.slice(0, 10), job.until?.slice(0, 10)];
  const see =
    pipeline && since && until && permissions.includes("analyse") ? (
      <ButtonLink to="/process/$pipeline" params={{ pipeline: pipeline.name }} search={{ since, until }} color="primary" variant="solid">
        {t("history.see")}
      </ButtonLink>
    ) : undefined;
  return (
    <ResultStep object={object} job={id} words="history" mapped={mapped} onBack={onBack} onRun={onRun} see={see} />
  );
}
