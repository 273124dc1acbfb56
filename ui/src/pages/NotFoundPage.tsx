import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { Ghost } from "lucide-react";

import type { ObjectDefinition } from "@/api/types";
import { PageTitle } from "@/app/shell/slot";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";
import { Empty } from "@/design/Empty";

/** Nothing here that the viewer may see: whether it exists is not said. */
export function NotFoundPage({ object }: { object?: ObjectDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  const navigate = useNavigate();
  return (
    <>
      <PageTitle text={t("missing.title")}>
        <h1>{t("missing.title")}</h1>
      </PageTitle>
      <Empty
        icon={<Ghost size={22} />}
        title={object ? t("missing.record", { thing: say(object.label) }) : t("missing.page")}
        hint={object ? t("missing.recordHint") : t("missing.pageHint")}
      >
        {object ? (
          <Button
            type="primary"
            onClick={() => void navigate({ to: "/records/$object", params: { object: object.name }, search: {} })}
          >
            {t("missing.back", { things: say(object.plural) })}
          </Button>
        ) : (
          <Button type="primary" onClick={() => void navigate({ to: "/" })}>
            {t("shell.home")}
          </Button>
        )}
      </Empty>
    </>
  );
}
