import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { Archive, ArchiveRestore, ArrowRight, Link2, ListTodo, Plus, UserRoundPen } from "lucide-react";

import { keys, records } from "@/api/records";
import type { ObjectDefinition, Row } from "@/api/types";
import { useCopy } from "@/app/copy";
import { useTranslation } from "@/app/translation";
import { fieldOf, isWritable, may, mayDo, mayMove, pipelineOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";
import { updateOrKeep } from "@/outbox/write";
import { type PageAction, useActions } from "@/palette/actions";

import { spoilRecords } from "../cache";
import { useCreate } from "../create/context";
import { useMove } from "../gate/move";
import { titleOf } from "../summary";
import { useUndoable } from "../undo";
import { findPeople } from "./people";

const OWNER = "owner";

interface Props {
  object: ObjectDefinition;
  row: Row;
}

/** Offers to ⌘K what can be done with the record that is open. */
export function RecordActions({ object, row }: Props) {
  const moves = useMoves(object, row);
  const steps = useSteps(object, row);
  const people = useHandOver(object, row);
  const children = useChildren(object, row);
  const whole = useWhole(object, row);
  const actions = row.archived_at ? whole : [...moves.slice(0, 1), ...steps, ...people, ...children, ...moves.slice(1), ...whole];
  useActions(titleOf(object, row), actions);
  return null;
}

function useMoves(object: ObjectDefinition, row: Row): PageAction[] {
  const { t } = useTranslation();
  const say = useLabel();
  const move = useMove(object);
  const pipeline = pipelineOf(useCatalog(), object);
  if (!pipeline || !mayMove(object, pipeline, row)) return [];
  const at = pipeline.stages.findIndex((stage) => stage.name === row[pipeline.field]);
  const ahead = pipeline.stages.slice(at + 1);
  const behind = pipeline.stages.slice(0, Math.max(at, 0));
  return [...ahead, ...behind].map((stage) => ({
    id: `move-${stage.name}`,
    text: t("palette.move", { stage: say(stage.label) }),
    icon: <ArrowRight size={16} strokeWidth={1.7} aria-hidden />,
    run: () => void move(row, stage.name),
  }));
}

function useSteps(object: ObjectDefinition, row: Row): PageAction[] {
  const { t } = useTranslation();
  const say = useLabel();
  const attempt = useAttempt();
  const { data } = useQuery({
    queryKey: keys.gate(object.name, row.id),
    queryFn: ({ signal }) => records.gate(object.name, row.id, signal),
    enabled: object.pipeline !== null,
  });
  if (!mayDo(object, row, "update")) return [];
  const open = data?.stages.filter((stage) => stage.state === "current" || stage.name === data.next) ?? [];
  return open
    .flatMap((stage) => stage.deliverables)
    .filter((one) => one.kind === "checklist" && !one.met)
    .map((one) => ({
      id: `tick-${one.name}`,
      text: t("palette.tick", { step: say(one.label) }),
      icon: <ListTodo size={16} strokeWidth={1.7} aria-hidden />,
      run: () =>
        void attempt(
          () => records.substep(object.name, row.id, one.name, true),
          t("palette.ticked", { step: say(one.label) }),
          () => records.substep(object.name, row.id, one.name, false),
        ),
    }));
}

function useHandOver(object: ObjectDefinition, row: Row): PageAction[] {
  const { t } = useTranslation();
  const attempt = useAttempt();
  const field = fieldOf(object, OWNER);
  if (!field || !isWritable(field) || !mayDo(object, row, "update")) return [];
  const give = (version: number, to: unknown) =>
    updateOrKeep({
      object: object.name,
      record: row.id,
      title: titleOf(object, row),
      version,
      values: { [OWNER]: to },
      base: { [OWNER]: row[OWNER] },
    });
  return [
    {
      id: "assign",
      text: t("palette.assign"),
      icon: <UserRoundPen size={16} strokeWidth={1.7} aria-hidden />,
      choices: {
        placeholder: t("palette.assignTo"),
        find: findPeople,
        pick: (person) =>
          void attempt(
            () => give(row.version, { id: person.id, label: person.text }),
            t("palette.assigned", { name: person.text }),
            async () => {
              const now = await records.get(object.name, row.id, "");
              await give(now.version, row[OWNER]);
            },
          ),
      },
    },
  ];
}

function useChildren(object: ObjectDefinition, row: Row): PageAction[] {
  const { t } = useTranslation();
  const say = useLabel();
  const { objects } = useCatalog();
  const create = useCreate();
  return object.children.flatMap((child) => {
    const target = objects[child.object];
    if (!target || !may(target, "create")) return [];
    return [
      {
        id: `new-${child.name}`,
        text: t("action.createThing", { thing: say(target.label) }),
        icon: <Plus size={16} aria-hidden />,
        run: () =>
          create({ object: child.object, prefill: { [child.field]: { id: row.id, label: titleOf(object, row) } } }),
      },
    ];
  });
}

function useWhole(object: ObjectDefinition, row: Row): PageAction[] {
  const { t } = useTranslation();
  const say = useLabel();
  const copy = useCopy();
  const attempt = useAttempt();
  const archive = () => records.archive(object.name, row.id);
  const restore = () => records.restore(object.name, row.id);
  const thing = say(object.label);
  const link: PageAction = {
    id: "copy",
    text: t("detail.copyLink"),
    icon: <Link2 size={16} strokeWidth={1.7} aria-hidden />,
    run: () => {
      void copy(`${location.origin}/records/${object.name}/${row.id}`, t("detail.copied"));
    },
  };
  if (!mayDo(object, row, "archive")) return [link];
  const whole: PageAction = row.archived_at
    ? {
        id: "restore",
        text: t("action.restore"),
        icon: <ArchiveRestore size={16} strokeWidth={1.7} aria-hidden />,
        run: () => void attempt(restore, t("detail.restored", { thing }), archive),
      }
    : {
        id: "archive",
        text: t("action.archive"),
        icon: <Archive size={16} strokeWidth={1.7} aria-hidden />,
        run: () => void attempt(archive, t("detail.archivedNow", { thing }), restore),
      };
  return [link, whole];
}

/** Does something to a record, says so, and offers to take it back. */
function useAttempt(): (work: () => Promise<unknown>, told: string, back: () => Promise<unknown>) => Promise<void> {
  const { message } = App.useApp();
  const client = useQueryClient();
  const undoable = useUndoable();
  return async (work, told, back) => {
    const fail = (error: unknown) => void message.error(messageOf(error));
    try {
      await work();
      await spoilRecords(client);
      undoable(told, () => void back().then(() => spoilRecords(client), fail));
    } catch (error) {
      fail(error);
    }
  };
}
