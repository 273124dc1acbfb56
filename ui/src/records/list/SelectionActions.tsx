import { Archive, ArrowRight, PencilLine, UserRoundPen, X } from "lucide-react";

import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, isWritable, may, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { type PageAction, useActions } from "@/palette/actions";

import { findPeople } from "../actions/people";
import type { Work } from "./bulk";

const OWNER = "owner";

interface Props {
  object: ObjectDefinition;
  count: number;
  onRun: (work: Work) => void;
  onEdit: () => void;
  onClear: () => void;
}

/** Offers to ⌘K what can be done with the ticked records. */
export function SelectionActions({ object, count, onRun, onEdit, onClear }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const pipeline = pipelineOf(useCatalog(), object);
  const owner = fieldOf(object, OWNER);
  const changeable: PageAction[] = [
    {
      id: "edit",
      text: t("bulk.edit"),
      icon: <PencilLine size={16} strokeWidth={1.7} aria-hidden />,
      run: onEdit,
    },
    ...(owner && isWritable(owner)
      ? [
          {
            id: "assign",
            text: t("palette.assign"),
            icon: <UserRoundPen size={16} strokeWidth={1.7} aria-hidden />,
            choices: {
              placeholder: t("palette.assignTo"),
              find: findPeople,
              pick: (person: { id: string; text: string }) =>
                onRun({ changes: { [OWNER]: { id: person.id, label: person.text } } }),
            },
          },
        ]
      : []),
    ...(pipeline?.stages ?? []).map((stage) => ({
      id: `move-${stage.name}`,
      text: t("palette.move", { stage: say(stage.label) }),
      icon: <ArrowRight size={16} strokeWidth={1.7} aria-hidden />,
      run: () => onRun({ move: { to: stage.name } }),
    })),
  ];
  useActions(t("bulk.selected", { count }), [
    ...(may(object, "update") ? changeable : []),
    ...(may(object, "archive")
      ? [
          {
            id: "archive",
            text: t("action.archive"),
            icon: <Archive size={16} strokeWidth={1.7} aria-hidden />,
            run: () => onRun({ archive: true }),
          },
        ]
      : []),
    { id: "clear", text: t("bulk.clear"), icon: <X size={16} strokeWidth={1.7} aria-hidden />, run: onClear },
  ]);
  return null;
}
