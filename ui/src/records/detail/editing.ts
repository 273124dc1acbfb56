import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useEffect, useMemo, useState } from "react";

import { ApiError } from "@/api/client";
import { keys } from "@/api/records";
import type { ObjectDefinition, Reason, Ref, Row, StaleChange, Values } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { isRef } from "@/fields/reference/refs";
import { sameValue } from "@/fields/wire";

import { spoilRecords } from "../cache";
import { type Draft, useDraft } from "../draft";
import { forget, keep, keepUnsent, kept, placeOf } from "../keeping";
import { columnsOf, fieldsOf, type Merge, mergeOf, type Outcome, saveMerging } from "../merging";

const NOTHING: Values = {};
const NO_NEWS: Merge = { taken: [], collisions: [] };

/** What others changed while one looked on. */
export interface Arrival {
  by: string;
  at: string;
  fields: string[];
}

export interface Collision {
  theirs: Row;
  fields: string[];
  since: StaleChange[];
}

export interface Editing {
  draft: Draft;
  busy: boolean;
  errors: Record<string, string>;
  reasons: Reason[];
  /** Fields that somebody else is known to have changed as well, and that one hasn't decided about. */
  open: string[];
  /** The choice that a save came upon. */
  collision: Collision | null;
  arrival: Arrival | null;
  /** There were changes from before, kept in the browser. */
  recovered: boolean;
  save: () => Promise<boolean>;
  discard: () => void;
  /** Decides about a field: one's own value, or the others'. */
  settle: (field: string, mine: boolean) => void;
  /** Saves with the choice made: without one's own changes to the fields `dropped`. */
  merge: (dropped: string[]) => Promise<void>;
  leaveCollision: () => void;
  dismissArrival: () => void;
}

/** Editing a record that others may change meanwhile: their changes come in at once, only what both changed is asked about. */
export function useEditing(object: ObjectDefinition, row: Row): Editing {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const { user } = useSession();
  const place = placeOf(user.id, object.name, row.id);
  const [before] = useState(() => kept(place));
  const [recovered, setRecovered] = useState(before !== null);
  const [base, setBase] = useState<Row>(() => ({ ...row, ...before?.base, version: before?.version ?? row.version }));
  const [told, setTold] = useState(base.version);
  const [settled, setSettled] = useState<string[]>([]);
  const [collision, setCollision] = useState<Collision | null>(null);
  const [arrival, setArrival] = useState<Arrival | null>(null);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [reasons, setReasons] = useState<Reason[]>([]);
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState<Values>(NOTHING);
  /** What is shown is still from before one's own save. */
  const late = row.version < base.version;
  const ahead = busy || late ? sent : NOTHING;
  const draft = useDraft(useMemo(() => ({ ...row, ...ahead }), [row, ahead]), before?.changes);

  const { taken, collisions } = late ? NO_NEWS : mergeOf(base, draft.changes, row);
  const others = collisions.filter((name) => !(name in ahead && sameValue(row[name], ahead[name])));
  const open = fieldsOf(object, others).filter((field) => !settled.includes(field));
  if (told !== row.version) {
    const writer = writtenBy(row, user.id);
    const fields = fieldsOf(object, taken);
    if (writer && fields.length > 0) {
      setArrival({ by: writer.label ?? t("timeline.system"), at: String(row.updated_at), fields });
    }
    setTold(row.version);
  }
  if (!late && base !== row && open.length === 0) {
    setBase(row);
    setSettled([]);
  }
  const { changes } = draft;
  useEffect(() => {
    const names = Object.keys(changes);
    keep(place, {
      version: base.version,
      base: Object.fromEntries(names.map((name) => [name, base[name] ?? null])),
      changes,
    });
  }, [place, base, changes]);

  /** What was typed since it was sent stays, on top of what was saved. */
  const finish = async (outcome: Exclude<Outcome, { kind: "collision" }>, what: Values) => {
    const after = outcome.kind === "saved" ? outcome.row : { ...row, ...what };
    const saved = Object.fromEntries(Object.keys(what).map((name) => [name, after[name] ?? null]));
    setCollision(null);
    setRecovered(false);
    setArrival(null);
    setBase((now) => ({ ...now, ...saved, version: after.version }));
    draft.sent(what);
    keepUnsent(place, what, saved);
    if (outcome.kind === "kept") void message.info({ key: "kept", content: t("outbox.kept") });
    else void message.success(savedWith(outcome.since));
    await spoilRecords(client);
  };
  const savedWith = (since: StaleChange[]) => {
    const others = [...new Set(since.map((one) => one.by?.label).filter((name) => name != null))];
    return others.length > 0 ? t("merge.merged", { names: others.join(t("filter.comma")) }) : t("form.saved");
  };
  const send = async (from: Row, what: Values): Promise<boolean> => {
    setBusy(true);
    setSent(what);
    setErrors({});
    setReasons([]);
    try {
      const outcome = await saveMerging(object, from, what);
      if (outcome.kind === "collision") {
        const { theirs, since } = outcome;
        draft.unsent(what);
        setCollision({ theirs, since, fields: fieldsOf(object, mergeOf(from, what, theirs).collisions) });
        return false;
      }
      await finish(outcome, what);
      return true;
    } catch (error) {
      draft.unsent(what);
      if (!(error instanceof ApiError)) throw error;
      setErrors(error.byField());
      setReasons(error.reasons.filter((reason) => !reason.path || !(reason.path in what)));
      if (error.reasons.length === 0) void message.error(messageOf(error) || t("error.offline"));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return {
    draft,
    busy,
    errors,
    reasons,
    open,
    collision,
    arrival,
    recovered: recovered && draft.dirty,
    save: () => {
      if (open.length === 0) return send(row, changes);
      setCollision({ theirs: row, fields: open, since: [] });
      return Promise.resolve(false);
    },
    discard: () => {
      draft.reset();
      forget(place);
      setErrors({});
      setReasons([]);
      setSettled([]);
      setRecovered(false);
    },
    settle: (field, mine) => {
      if (mine) setSettled((now) => [...now, field]);
      else draft.drop(columnsOf(field));
    },
    merge: async (dropped) => {
      if (!collision) return;
      const columns = dropped.flatMap(columnsOf);
      const rest = Object.fromEntries(Object.entries(changes).filter(([name]) => !columns.includes(name)));
      draft.drop(columns);
      setSettled((now) => [...now, ...collision.fields]);
      client.setQueryData(keys.one(object.name, row.id), collision.theirs);
      if (Object.keys(rest).length > 0) await send(collision.theirs, rest);
      else await finish({ kind: "saved", row: collision.theirs, since: collision.since }, NOTHING);
    },
    leaveCollision: () => setCollision(null),
    dismissArrival: () => setArrival(null),
  };
}

/** Who wrote a record last; null when it was oneself. */
function writtenBy(row: Row, me: string): Ref | null {
  const writer = isRef(row.updated_by) ? row.updated_by : null;
  return writer?.id === me ? null : (writer ?? { id: "", label: null });
}
