import { useNavigate, useSearch } from "@tanstack/react-router";
import { App, Steps } from "antd";
import { Waypoints } from "lucide-react";
import { useState } from "react";

import { api } from "@/api/client";
import type { LogColumns, LogPreview } from "@/api/histories";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { usePhone } from "@/design/media";
import { Page } from "@/design/Page";
import styles from "@/importing/importing.module.css";
import { firstChoice, type LogChoice, logForm } from "@/importing/log/log";
import { LogMapping } from "@/importing/log/LogMapping";
import { LogResult } from "@/importing/log/LogResult";
import { LogSource } from "@/importing/log/LogSource";
import { Sending } from "@/importing/Sending";
import { useUpload } from "@/importing/useUpload";

import { NotFoundPage } from "./NotFoundPage";

/** Bringing in an event log; for those who may import past gates. */
export function LogPage() {
  const { permissions } = useSession();
  const able = ["import", "override_gate"].every((one) => permissions.includes(one));
  return able ? <BringingIn /> : <NotFoundPage />;
}

interface Source {
  file: File;
  log: LogPreview;
}

/** From a log to records with their history: choose, see what its events mean, try, run. The job stands in the address. */
function BringingIn() {
  const { t } = useTranslation();
  const phone = usePhone();
  const { message } = App.useApp();
  const navigate = useNavigate({ from: "/import/log" });
  const { job } = useSearch({ from: "/shell/import/log" });
  const [source, setSource] = useState<Source | null>(null);
  const [choice, setChoice] = useState<LogChoice | null>(null);
  const { sent, send, stop } = useUpload();
  const see = (id: string | undefined) => void navigate({ search: id ? { job: id } : {} });
  const look = async (file: File, columns: LogColumns | null = null, kept: Partial<LogChoice> = {}) => {
    const form = new FormData();
    form.set("file", file);
    if (columns) form.set("columns", JSON.stringify(columns));
    const log = await send<LogPreview>("/api/histories/preview", form);
    if (!log) return;
    setSource({ file, log });
    setChoice({ ...firstChoice(log, t("history.reason")), ...kept });
  };
  const run = async (dry: boolean) => {
    if (!source || !choice) return;
    const started = await send<{ job: string }>("/api/histories", logForm(source.file, choice, dry));
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
    <Page icon={Waypoints} title={t("places.history")} width="narrow">
        <Steps
          current={step}
          size="small"
          orientation="horizontal"
          responsive={false}
          className={styles.steps}
          items={["file", "meaning", "result"].map((name) => ({ title: phone ? undefined : t(`history.step.${name}`) }))}
        />
        {job ? (
          <LogResult key={job} job={job} mapped={source !== null} onBack={() => see(undefined)} onRun={() => void again(job)} />
        ) : sent !== null ? (
          <Sending sent={sent} onCancel={stop} />
        ) : source && choice ? (
          <LogMapping
            file={source.file}
            log={source.log}
            choice={choice}
            onChange={setChoice}
            onBack={() => setSource(null)}
            onColumns={(columns) => void look(source.file, columns, { reason: choice.reason })}
            onSaved={({ name, plan, columns }) =>
              void look(source.file, source.log.table && columns, { set: "", plan, name, reason: choice.reason })
            }
            onAdded={() => void look(source.file, choice.columns, choice)}
            onRun={(dry) => void run(dry)}
          />
        ) : (
          <LogSource onFile={(file) => void look(file)} />
        )}
    </Page>
  );
}
