import { useQuery } from "@tanstack/react-query";
import { Slider, Switch } from "antd";
import { Share2, Table2 } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";

import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { BoneLines } from "@/design/Bones";
import { Card } from "@/design/Card";
import { Failure } from "@/design/Failure";
import { IconButton } from "@/design/IconButton";
import { usePhone } from "@/design/media";

import { mapQuery, type Sample } from "./answer";
import { frequent } from "./layout";
import { MapTable } from "./MapTable";
import styles from "./process.module.css";
import { Vertical } from "./Vertical";
import { useWords } from "./words";

const Graph = lazy(() => import("./Graph").then((module) => ({ default: module.Graph })));
const FIRST_SHARE = 0.9;

/** What follows what: drawn, or as a table; on a phone as a list from top to bottom. */
export function MapView({ pipeline, sample }: { pipeline: Pipeline; sample: Sample }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const words = useWords(pipeline);
  const [substeps, setSubsteps] = useState(false);
  const [share, setShare] = useState(FIRST_SHARE);
  const [asTable, setAsTable] = useState(false);
  const { data, error, refetch } = useQuery(mapQuery(pipeline.name, sample, substeps));
  const edges = useMemo(() => frequent(data?.edges ?? [], share), [data, share]);
  return (
    <Card
      title={t("process.tab.map")}
      note={t("process.mapNote")}
      tools={
        <div className={styles.mapTools}>
          <label>
            <Switch size="small" checked={substeps} onChange={setSubsteps} /> {t("process.withSubsteps")}
          </label>
          <label className={styles.share}>
            <span>{t("process.pathShare", { share: words.percent(share) })}</span>
            <Slider
              min={0.5}
              max={1}
              step={0.01}
              value={share}
              onChange={setShare}
              tooltip={{ open: false }}
              ariaLabelForHandle={t("process.pathShareLabel")}
            />
          </label>
          {phone ? null : (
            <IconButton
              size="small"
              label={t(asTable ? "process.asMap" : "process.asTable")}
              icon={asTable ? <Share2 size={15} /> : <Table2 size={15} />}
              onClick={() => setAsTable(!asTable)}
            />
          )}
        </div>
      }
    >
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines lines={8} /> : null}
      {data && edges.length === 0 ? <p className={styles.nothing}>{t("process.nothing")}</p> : null}
      {edges.length > 0 && phone ? <Vertical pipeline={pipeline} edges={edges} /> : null}
      {edges.length > 0 && !phone && asTable ? <MapTable pipeline={pipeline} edges={edges} /> : null}
      {edges.length > 0 && !phone && !asTable ? (
        <Suspense fallback={<BoneLines lines={8} />}>
          <Graph key={`${substeps}`} pipeline={pipeline} edges={edges} />
        </Suspense>
      ) : null}
    </Card>
  );
}
