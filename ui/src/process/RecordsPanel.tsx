import { useQuery } from "@tanstack/react-query";

import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { stageOf } from "@/catalog/catalog";
import { Avatar } from "@/design/Avatar";
import { BoneLines } from "@/design/Bones";
import { Failure } from "@/design/Failure";
import { Panel } from "@/design/Panel";
import { Pill } from "@/design/Pill";
import { RecordLink } from "@/design/RecordLink";
import { Time } from "@/design/Time";

import { type Behind, recordsQuery, type Sample } from "./answer";
import type { Opened } from "./Open";
import styles from "./process.module.css";
import { useWords } from "./words";

interface Props {
  pipeline: Pipeline;
  sample: Sample;
  opened: Opened | null;
  onClose: () => void;
}

/** The records behind a figure. */
export function RecordsPanel({ pipeline, sample, opened, onClose }: Props) {
  return (
    <Panel open={opened !== null} title={opened?.title} onClose={onClose} width={620}>
      {opened ? <Records pipeline={pipeline} sample={sample} opened={opened} /> : null}
    </Panel>
  );
}

function Records({ pipeline, sample, opened }: { pipeline: Pipeline; sample: Sample; opened: Opened }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(recordsQuery(pipeline.name, sample, opened.figure));
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <BoneLines lines={8} />;
  const rest = data.total - data.items.length;
  return (
    <>
      <p className={styles.note}>{t("process.records", { count: data.total })}</p>
      <RecordList pipeline={pipeline} items={data.items} />
      {rest > 0 ? <p className={styles.nothing}>{t("process.more", { count: rest })}</p> : null}
    </>
  );
}

/** Records with owner, stage and when; each leads to its page. */
export function RecordList({ pipeline, items }: { pipeline: Pipeline; items: Behind[] }) {
  const words = useWords(pipeline);
  return (
    <ul className={styles.records}>
      {items.map((item) => (
        <li key={item.id}>
          <RecordLink object={pipeline.object} id={item.id} className={styles.record}>
            <span className="cut">{item.title ?? item.id.slice(0, 8)}</span>
            <Pill color={stageOf(pipeline, item.stage)?.color}>{words.stage(item.stage)}</Pill>
            <span className={styles.owner}>
              {item.owner ? <Avatar name={item.owner.label ?? ""} size={18} /> : null}
              <span className="cut">{item.owner?.label}</span>
            </span>
            <span className={styles.when}>
              <Time value={item.at} />
            </span>
          </RecordLink>
        </li>
      ))}
    </ul>
  );
}
