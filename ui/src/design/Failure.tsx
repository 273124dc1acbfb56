import { Button } from "antd";
import i18next from "i18next";
import { CloudOff, TriangleAlert } from "lucide-react";

import { ApiError } from "@/api/client";
import { useTranslation } from "@/app/translation";

import { Empty } from "./Empty";

/** What failed, in the server's words, and a way to try again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const offline = error instanceof ApiError && error.status === 0;
  return (
    <Empty
      icon={offline ? <CloudOff size={22} /> : <TriangleAlert size={22} />}
      title={offline ? t("error.offline") : t("error.title")}
      hint={offline ? t("error.offlineHint") : messageOf(error)}
    >
      {retry ? <Button onClick={retry}>{t("action.retry")}</Button> : null}
    </Empty>
  );
}

/** The text of a refusal: its reasons, each with its hint after `gap`, else its detail. */
export function messageOf(error: unknown, gap = " "): string {
  if (error instanceof ApiError) {
    if (error.status === 0) return i18next.t("error.offline");
    const reasons = error.reasons.map((reason) => [reason.message, reason.hint].filter(Boolean).join(gap));
    return reasons.length > 0 ? reasons.join("\n") : error.problem.detail || error.problem.title || error.code;
  }
  return error instanceof Error ? error.message : String(error);
}
