import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { App, Steps } from "antd";
import { FileSpreadsheet } from "lucide-react";
import { useCallback, useState } from "react";

import { api } from "@/api/client";
import type { ImportPreview } from "@/api/importing";
import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useObject } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { usePhone } from "@/design/media";
import { Page } from "@/design/Page";
import styles from "@/importing/importing.module.css";
import { MappingStep } from "@/importing/MappingStep";
import { firstChoice, type ImportChoice, importForm } from "@/importing/plan";
import { ResultStep } from "@/importing/ResultStep";
import { SourceStep } from "@/importing/SourceStep";
import { useUpload } from "@/importing/useUpload";

import { NotFoundPage } from "./NotFoundPage";

export function ImportPage() {
  const { object: name } = useParams({ from: "/shell/records/$object/import" });
  const object = useObject(name);
  return object?.can.import ? <Importing key={name} object={object} /> : <NotFoundPage />;
}

interface Source {
  file: File;
  preview: ImportPreview;
}

/** From a file to records: choose, map, run, see what was refused. The job stands in the address: a reload goes on with it. */
function Importing({ object }: { object: ObjectDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  const phone = usePhone();
  const { message } = App.useApp();
  const navigate = useNavigate({ from: "/records/$object/import" });
  const { job } = useSearch({ from: "/shell/records/$object/import" });
  const [source, setSource] = useState<Source | null>(null);
  const [choice, setChoice] = useState<ImportChoice | null>(null);
  const { sent, send, stop } = useUpload();
  const see = (id: string | undefined) => void navigate({ search: id ? { job: id } : {} });
  const read = useCallback(
    async (file: File) => {
      const form = new FormData();
      form.set("file", file);
      const preview = await send<ImportPreview>(`/api/records/${object.name}/import/preview`, form);
      if (!preview) return;
      setSource({ file, preview });
      setChoice(firstChoice(preview, object));
    },
    [object, send],
  );
  const run = async (dry: boolean) => {
    if (!source || !choice) return;
    const form = importForm(source.file, choice, dry);
    const started = await send<{ job: string }>(`/api/records/${object.name}/import`, form);
    if (started) see(started.job);
  };
  const again = async (dry: string) => {
    try {
      see((await api.post<{ job: string }>(`/api/jobs/${dry}/run`, {})).job);
    } catch (error) {
      void message.error(messageOf(error));
    }
  };
  const step = job ? 2 : source ? 1 : 0;
  return (
    <Page icon={FileSpreadsheet} title={t("import.into", { thing: say(object.plural) })} width="narrow">
      <Steps
        current={step}
        size="small"
        orientation="horizontal"
        responsive={false}
        className={styles.steps}
        items={["file", "mapping", "result"].map((name) => ({ title: phone ? undefined : t(`import.step.${name}`) }))}
      />
      {job ? (
        <ResultStep
          key={job}
          object={object}
          job={job}
          mapped={source !== null}
          onBack={() => see(undefined)}
          onRun={() => void again(job)}
        />
      ) : !source || sent !== null ? (
        <SourceStep object={object} sent={sent} onFile={(file) => void read(file)} onCancel={stop} />
      ) : choice ? (
        <MappingStep
          object={object}
          file={source.file}
          preview={source.preview}
          choice={choice}
          busy={false}
          onChange={setChoice}
          onBack={() => setSource(null)}
          onRun={(dry) => void run(dry)}
        />
      ) : null}
    </Page>
  );
}
