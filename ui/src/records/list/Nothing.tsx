import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { FileUp, Plus, SearchX, TriangleAlert } from "lucide-react";

import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { may } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { ObjectIcon } from "@/catalog/ObjectIcon";
import { Empty } from "@/design/Empty";

import { useCreate } from "../create/context";

/** Nothing is found, or with `wrong` nothing can be: the filter has a mistake. */
export function NoMatch({ onWiden, wrong }: { onWiden?: () => void; wrong?: boolean }) {
  const { t } = useTranslation();
  if (wrong) {
    return <Empty icon={<TriangleAlert size={22} />} title={t("list.wrongFilter")} hint={t("list.wrongFilterHint")} />;
  }
  return (
    <Empty icon={<SearchX size={22} />} title={t("list.noMatch")} hint={t("list.noMatchHint")}>
      {onWiden ? <Button onClick={onWiden}>{t("list.showAll")}</Button> : null}
    </Empty>
  );
}

/** No record is there yet: what they are for, and how the first one comes. */
export function Nothing({ object }: { object: ObjectDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  const create = useCreate();
  const navigate = useNavigate();
  return (
    <Empty
      icon={<ObjectIcon name={object.icon} size={22} />}
      title={t("list.empty", { thing: say(object.plural) })}
      hint={say(object.help) || t("list.emptyHint")}
    >
      {may(object, "create") ? (
        <Button type="primary" icon={<Plus size={15} />} onClick={() => create({ object: object.name })}>
          {t("action.createThing", { thing: say(object.label) })}
        </Button>
      ) : null}
      {may(object, "import") ? (
        <Button
          icon={<FileUp size={15} />}
          onClick={() => void navigate({ to: "/records/$object/import", params: { object: object.name } })}
        >
          {t("list.fromFile")}
        </Button>
      ) : null}
    </Empty>
  );
}
