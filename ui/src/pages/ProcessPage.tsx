import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { App, Button, Dropdown } from "antd";
import { Download, Waypoints } from "lucide-react";
import { useMemo, useState } from "react";

import type { ObjectDefinition, Pipeline } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure, messageOf } from "@/design/Failure";
import { Page } from "@/design/Page";
import { JobToast } from "@/exporting/JobToast";
import { type Format, FORMATS, reportQuery, type Sample, sampleOf, startExport } from "@/process/answer";
import { Comparing } from "@/process/Comparing";
import { Controls } from "@/process/Controls";
import { Headline } from "@/process/Headline";
import { Loops } from "@/process/Loops";
import { MapView } from "@/process/MapView";
import { OpenFigure, type Opened } from "@/process/Open";
import { Outcome } from "@/process/Outcome";
import styles from "@/process/process.module.css";
import { Quiet } from "@/process/Quiet";
import { RecordsPanel } from "@/process/RecordsPanel";
import type { ProcessSearch } from "@/process/search";
import { Stages } from "@/process/Stages";
import { StepPanel } from "@/process/StepPanel";
import { Steps } from "@/process/Steps";

import { NotFoundPage } from "./NotFoundPage";

/** Process analysis of one pipeline: of the one in the address, else of the first that does not lead into another. */
export function ProcessPage() {
  const { permissions } = useSession();
  const catalog = useCatalog();
  const { pipeline: name } = useParams({ strict: false });
  const pipelines = Object.values(catalog.pipelines);
  const pipeline = name ? catalog.pipelines[name] : mainOf(pipelines);
  const object = pipeline ? catalog.objects[pipeline.object] : undefined;
  if (!permissions.includes("analyse") || !pipeline || !object) return <NotFoundPage />;
  return <Analysis key={pipeline.name} pipelines={pipelines} pipeline={pipeline} object={object} />;
}

/** The pipeline with the most stages says most. */
function mainOf(pipelines: Pipeline[]): Pipeline | undefined {
  return [...pipelines].sort((a, b) => b.stages.length - a.stages.length)[0];
}

interface Props {
  pipelines: Pipeline[];
  pipeline: Pipeline;
  object: ObjectDefinition;
}

function Analysis({ pipelines, pipeline, object }: Props) {
  const { t } = useTranslation();
  const search: ProcessSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const sample = useMemo(() => sampleOf(search), [search]);
  const { permissions } = useSession();
  const { message } = App.useApp();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [file, setFile] = useState<string | null>(null);
  const change = (changes: Partial<ProcessSearch>) =>
    void navigate({
      to: "/process/$pipeline",
      params: { pipeline: pipeline.name },
      search: { ...search, ...changes },
      replace: true,
    });
  const onStep = (step: string) => change({ step });
  const take = async (format: Format) => {
    try {
      setFile((await startExport(pipeline.name, sample, format)).job);
    } catch (error) {
      void message.error(messageOf(error));
    }
  };
  const tab = search.tab ?? "overview";
  return (
    <OpenFigure value={setOpened}>
      <Page
        icon={Waypoints}
        title={t("places.process")}
        width="full"
        bar={
          <Controls pipelines={pipelines} pipeline={pipeline} object={object} search={search} onChange={change}>
            {permissions.includes("export") ? (
              <Dropdown
                trigger={["click"]}
                menu={{
                  items: [
                    ...FORMATS.map((format) => ({
                      key: format as string,
                      label: t(`process.export.${format}`),
                      onClick: () => void take(format),
                    })),
                    ...(permissions.includes("import") && permissions.includes("override_gate")
                      ? [
                          { type: "divider" as const },
                          {
                            key: "log",
                            label: t("places.history"),
                            onClick: () => void navigate({ to: "/import/log", search: {} }),
                          },
                        ]
                      : []),
                  ],
                }}
              >
                <Button icon={<Download size={15} />} aria-label={t("process.export.menu")} />
              </Dropdown>
            ) : null}
          </Controls>
        }
      >
        {file ? <JobToast key={file} job={file} onClose={() => setFile(null)} /> : null}
        {tab === "overview" ? (
          <Overview pipeline={pipeline} sample={sample} onStep={onStep} onChange={change} />
        ) : null}
        {tab === "map" ? <MapView pipeline={pipeline} sample={sample} /> : null}
        {tab === "comparison" ? <Comparing pipeline={pipeline} sample={sample} search={search} onChange={change} /> : null}
      </Page>
      <RecordsPanel pipeline={pipeline} sample={sample} opened={opened} onClose={() => setOpened(null)} />
      <StepPanel pipeline={pipeline} sample={sample} step={search.step} onClose={() => change({ step: undefined })} />
    </OpenFigure>
  );
}

interface OverviewProps {
  pipeline: Pipeline;
  sample: Sample;
  onStep: (step: string) => void;
  onChange: (changes: Partial<ProcessSearch>) => void;
}

function Overview({ pipeline, sample, onStep, onChange }: OverviewProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(reportQuery(pipeline.name, sample));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <BoneLines lines={12} />;
  const quiet = <Quiet object={pipeline.object} sample={sample} onChange={onChange} />;
  if (data.stages.every((stage) => stage.entered + stage.ended + stage.open === 0)) {
    return (
      <>
        {quiet}
        <Empty icon={<Waypoints size={22} />} title={t("process.empty")} hint={t("process.emptyHint")} />
      </>
    );
  }
  const still = data.stages.every((stage) => stage.entered + stage.ended === 0);
  return (
    <>
      {still ? (
        quiet
      ) : (
        <Headline
          pipeline={pipeline}
          sample={sample}
          onStep={onStep}
          onCompare={() => onChange({ tab: "comparison" })}
        />
      )}
      <Outcome pipeline={pipeline} report={data} />
      <Stages pipeline={pipeline} report={data} />
      <div className={styles.pair}>
        <Steps pipeline={pipeline} report={data} onStep={onStep} />
        <Loops pipeline={pipeline} report={data} />
      </div>
    </>
  );
}
