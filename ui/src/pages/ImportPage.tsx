import { useNavigate, useParams } from "@tanstack/react-router";
import { App, Steps } from "antd";
import { FileSpreadsheet } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "@/api/client";
import type { ImportPreview } from "@/api/importing";
import type { ObjectDefinition } from "@/api/types";
import { PageTitle } from "@/app/shell/slot";
import { useObject } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Dropzone } from "@/design/Dropzone";
import { messageOf } from "@/design/Failure";
import { usePhone } from "@/design/media";
import styles from "@/importing/importing.module.css";
import { MappingStep } from "@/importing/MappingStep";
import { firstChoice, type ImportChoice, importForm } from "@/importing/plan";
import { ResultStep } from "@/importing/ResultStep";

import { NotFoundPage } from "./NotFoundPage";

export function ImportPage() {
  const { object: name } = useParams({ from: "/shell/records/$object/import" });
  const object = useObject(name);
  return object?.can.import ? <Importing object={object} /> : <NotFoundPage />;
}

/** From a file to records: choose, map, run, see what was refused. */
function Importing({ object }: { object: ObjectDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  const phone = usePhone();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [choice, setChoice] = useState<ImportChoice | null>(null);
  const [job, setJob] = useState<{ id: string; dry: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      void message.error(messageOf(error) || t("error.offline"));
    } finally {
      setBusy(false);
    }
  };
  const read = (chosen: File) =>
    attempt(async () => {
      const form = new FormData();
      form.set("file", chosen);
      const found = await api.post<ImportPreview>(`/api/records/${object.name}/import/preview`, form);
      setFile(chosen);
      setPreview(found);
      setChoice(firstChoice(found, object));
    });
  const run = (dry: boolean) =>
    attempt(async () => {
      if (!file || !choice) return;
      const { job: started } = await api.post<{ job: string | { id: string } }>(
        `/api/records/${object.name}/import`,
        importForm(file, choice, dry),
      );
      setJob({ id: typeof started === "string" ? started : started.id, dry });
    });
  const step = job ? 2 : preview ? 1 : 0;
  return (
    <>
      <PageTitle text={t("import.title")}>
        <FileSpreadsheet size={16} strokeWidth={1.7} aria-hidden />
        <h1 className="cut">{t("import.into", { thing: say(object.plural) })}</h1>
      </PageTitle>
      <div className={styles.page}>
        <Steps
          current={step}
          size="small"
          orientation="horizontal"
          responsive={false}
          className={styles.steps}
          items={["file", "mapping", "result"].map((name) => ({ title: phone ? undefined : t(`import.step.${name}`) }))}
        />
        {step === 0 ? (
          <Dropzone
            title={t("import.drop")}
            hint={t("import.dropHint")}
            accept=".csv,.xlsx,.xls,.tsv,text/csv"
            busy={busy}
            onFiles={(files) => files[0] && void read(files[0])}
          />
        ) : null}
        {step === 1 && preview && choice && file ? (
          <MappingStep
            object={object}
            file={file}
            preview={preview}
            choice={choice}
            busy={busy}
            onChange={setChoice}
            onBack={() => {
              setPreview(null);
              setFile(null);
            }}
            onRun={(dry) => void run(dry)}
          />
        ) : null}
        {job ? (
          <ResultStep
            object={object}
            job={job.id}
            dry={job.dry}
            onBack={() => setJob(null)}
            onRun={() => void run(false)}
            onDone={() =>
              void navigate({ to: "/records/$object", params: { object: object.name }, search: { view: "all" } })
            }
          />
        ) : null}
      </div>
    </>
  );
}
