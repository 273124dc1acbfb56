import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Segmented } from "antd";
import { ClipboardCheck } from "lucide-react";

import type { AuditDefinition } from "@/api/auditing";
import { useTranslation } from "@/app/translation";
import { overviewQuery } from "@/audits/api";
import { Bonus } from "@/audits/Bonus";
import { Draws } from "@/audits/Draws";
import { Reviews } from "@/audits/Reviews";
import type { AuditTab } from "@/audits/search";
import { useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { BoneLines } from "@/design/Bones";
import { Failure } from "@/design/Failure";
import { usePhone } from "@/design/media";

import { NotFoundPage } from "./NotFoundPage";
import { Lead, Page } from "@/design/Page";

export function AuditsPage() {
  const [audit] = useCatalog().audits;
  return audit ? <Audit audit={audit} /> : <NotFoundPage />;
}

/** The process audit: the reviews, how they were drawn and the proof of it, and what comes of them. */
function Audit({ audit }: { audit: AuditDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  const phone = usePhone();
  const { tab = "reviews", quarter } = useSearch({ from: "/shell/audits" });
  const navigate = useNavigate({ from: "/audits" });
  const { data, error, refetch } = useQuery(overviewQuery);
  const overview = data?.items.find((one) => one.name === audit.name);
  return (
    <Page icon={ClipboardCheck} title={t("places.audits")}>
      <Lead
        title={say(audit.label)}
        note={
          overview
            ? t("audits.how", {
                days: overview.every,
                share: overview.share,
                strata: overview.strata.map(say).join(" × "),
              })
            : null
        }
      >
        <Segmented<AuditTab>
          block={phone}
          value={tab}
          aria-label={t("places.audits")}
          options={(["reviews", "draws", "bonus"] as const).map((one) => ({ value: one, label: t(`audits.tab.${one}`) }))}
          onChange={(next) => void navigate({ search: next === "reviews" ? {} : { tab: next }, replace: true })}
        />
      </Lead>
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!overview && !error ? <BoneLines lines={8} /> : null}
      {overview && tab === "reviews" ? <Reviews audit={audit} draws={overview.draws} /> : null}
      {overview && tab === "draws" ? <Draws audit={audit} overview={overview} /> : null}
      {overview && tab === "bonus" ? (
        <Bonus
          audit={audit}
          expression={overview.bonus}
          quarter={quarter}
          onQuarter={(next) => void navigate({ search: { tab: "bonus", quarter: next }, replace: true })}
        />
      ) : null}
    </Page>
  );
}
