import { Plus } from "lucide-react";

import type { PanelDefinition } from "@/api/home";
import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { may, useObject } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { IconButton } from "@/design/IconButton";
import { usePhone } from "@/design/media";
import { useCreate } from "@/records/create/context";

import type { ListAnswer, Whose } from "./answer";
import { shownFields } from "./columns";
import { ListTools } from "./ListTools";
import { Nothing, PanelFrame } from "./PanelFrame";
import { RowStack, RowTable } from "./rows";

interface Props {
  panel: PanelDefinition;
  answer: ListAnswer;
  whose: Whose;
}

/** The first records of a list. */
export function ListPanel({ panel, answer, whose }: Props) {
  const object = useObject(panel.object ?? "");
  const phone = usePhone();
  if (!object) return null;
  const fields = shownFields(panel, object, whose);
  const Shown = panel.wide && !phone ? RowTable : RowStack;
  const tick = panel.tick && may(object, "update") ? panel.tick : "";
  const count = answer.more ? `${answer.count}+` : String(answer.count);
  return (
    <PanelFrame
      panel={panel}
      whose={whose}
      count={answer.count > 0 ? count : undefined}
      tools={
        tick ? (
          <AddOne object={object} />
        ) : answer.count > 0 && panel.blockers ? (
          <ListTools panel={panel} object={object} whose={whose} />
        ) : null
      }
    >
      {answer.items.length === 0 ? (
        <Nothing panel={panel} />
      ) : (
        <Shown panel={panel} object={object} fields={fields} answer={answer} tick={tick} />
      )}
    </PanelFrame>
  );
}

/** Makes another record of what is ticked off here. */
function AddOne({ object }: { object: ObjectDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  const create = useCreate();
  if (!may(object, "create")) return null;
  return (
    <IconButton
      size="small"
      label={t("action.createThing", { thing: say(object.label) })}
      icon={<Plus size={16} />}
      onClick={() => create({ object: object.name })}
    />
  );
}
