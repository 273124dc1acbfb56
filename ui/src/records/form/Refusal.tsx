import { lazy, Suspense } from "react";

import type { Due } from "@/api/signing";
import type { GateReason, Reason } from "@/api/types";
import { useTranslation } from "@/app/translation";

import { Reasons } from "./Reasons";

const DueFirst = lazy(() => import("../gate/DueFirst").then((module) => ({ default: module.DueFirst })));

/** Why a record can't be made: what is due first can be provided here, everything else is said. */
export function Refusal({ reasons, due }: { reasons: Reason[]; due: Due | null }) {
  const { t } = useTranslation();
  if (!due) return <Reasons reasons={reasons} title={t("form.refused")} />;
  return (
    <Suspense>
      <DueFirst due={due} reasons={reasons as GateReason[]} />
    </Suspense>
  );
}
