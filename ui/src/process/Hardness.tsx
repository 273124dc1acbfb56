import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { LockKeyhole, LockKeyholeOpen } from "lucide-react";
import { useState } from "react";

import type { Pipeline } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { catalogQuery } from "@/catalog/catalog";
import { Bone } from "@/design/Bones";
import { messageOf } from "@/design/Failure";

import { previewQuery, type Sample, setHardness } from "./answer";
import styles from "./process.module.css";
import { RecordList } from "./RecordsPanel";
import { useWords } from "./words";

interface Props {
  pipeline: Pipeline;
  sample: Sample;
  step: string;
  hard: boolean;
}

/** What a hard gate would have held up, and the one click that makes it; undo instead of a question. */
export function Hardness({ pipeline, sample, step, hard }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const words = useWords(pipeline);
  const client = useQueryClient();
  const may = useSession().permissions.includes("publish");
  const preview = useQuery({ ...previewQuery(pipeline.name, sample, step), enabled: may });
  const [busy, setBusy] = useState(false);
  const [listed, setListed] = useState(false);
  const publish = async (next: boolean, undo = false) => {
    setBusy(true);
    try {
      const { version } = await setHardness(pipeline.name, step, next);
      await Promise.all([
        client.invalidateQueries({ queryKey: ["process", pipeline.name] }),
        client.invalidateQueries({ queryKey: catalogQuery.queryKey }),
      ]);
      const key = `hard-${step}`;
      message.success({
        key,
        duration: 10,
        content: (
          <span>
            {t(next ? "process.hardened" : "process.softened", { step: words.step(step), version })}
            {undo ? null : (
              <Button
                type="link"
                size="small"
                onClick={() => {
                  message.destroy(key);
                  void publish(!next, true);
                }}
              >
                {t("process.undo")}
              </Button>
            )}
          </span>
        ),
      });
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const found = preview.data;
  const Icon = hard ? LockKeyhole : LockKeyholeOpen;
  return (
    <section className={styles.gate} aria-label={t("process.gate")}>
      <header>
        <Icon size={16} aria-hidden />
        <h3>{t(hard ? "process.isHard" : "process.isSoft")}</h3>
        {may ? (
          <Button type={hard ? "default" : "primary"} loading={busy} onClick={() => void publish(!hard)}>
            {t(hard ? "process.makeSoft" : "process.makeHard")}
          </Button>
        ) : null}
      </header>
      {may ? null : <p className={styles.note}>{t("process.askOps")}</p>}
      {may && !found ? <Bone width="70%" /> : null}
      {found && !hard ? (
        <p>
          {t("process.wouldBlock", { count: found.blocked, won: found.won, lost: found.lost })}
          {found.open.lacking.length > 0 ? (
            <>
              {t("process.openLacking", { count: found.open.lacking.length })}
              <Button type="link" size="small" aria-expanded={listed} onClick={() => setListed(!listed)}>
                {t(listed ? "process.hide" : "process.show")}
              </Button>
            </>
          ) : null}
        </p>
      ) : null}
      {found && listed ? <RecordList pipeline={pipeline} items={found.open.lacking} /> : null}
    </section>
  );
}
