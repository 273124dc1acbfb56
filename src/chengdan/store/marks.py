"""The table of marks: written in the transaction of the events that leave them, and made again from the journal.

Narrow rows beside the journal, because a report over a million events would otherwise read every event of every kind and
take its JSON apart.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.json import dumps_text
from chengdan.kernel.event import EventKind
from chengdan.kernel.mark import HAPPENED_AT, RESOURCE, WITHOUT, Carried, MarkKind, Placed, followed, marks_of
from chengdan.kernel.snapshot import Snapshot
from chengdan.store import copying
from chengdan.store.connection import Connection
from chengdan.store.sending import Write

Row = tuple[Any, ...]

_INSERT: LiteralString = """
INSERT INTO chengdan.mark (object, record_id, at, kind, name, stage, met, without, actor, resource,
  visit, since, again, bounced, after, after_at)
SELECT f.object, f.record_id, f.at, f.kind, f.name, f.stage, f.met, f.without, f.actor, f.resource,
  f.visit + coalesce(last.visit, 0), coalesce(f.since, entered.at),
  f.again OR coalesce((
    SELECT true FROM chengdan.mark WHERE record_id = f.record_id AND kind = f.kind AND name = f.name ORDER BY id DESC LIMIT 1
  ), false),
  f.bounced OR coalesce(f.since IS NULL AND f.kind = 'entered' AND entered.stage = f.name, false),
  coalesce(f.after, CASE WHEN last.kind IN ('entered', 'done') THEN last.name ELSE last.after END),
  coalesce(f.after_at, CASE WHEN last.kind IN ('entered', 'done') THEN last.at ELSE last.after_at END)
FROM ROWS FROM (json_to_recordset(%s) AS (object text, record_id uuid, at timestamptz, kind text, name text, stage text,
  met text[], without text[], actor uuid, resource text,
  visit int, since timestamptz, again boolean, bounced boolean, after text, after_at timestamptz))
WITH ORDINALITY AS f(object, record_id, at, kind, name, stage, met, without, actor, resource,
  visit, since, again, bounced, after, after_at, n)
LEFT JOIN LATERAL (
  SELECT kind, name, at, visit, after, after_at FROM chengdan.mark WHERE record_id = f.record_id ORDER BY id DESC LIMIT 1
) last ON true
LEFT JOIN LATERAL (
  SELECT at, stage FROM chengdan.mark WHERE record_id = f.record_id AND kind = 'entered' ORDER BY id DESC LIMIT 1
) entered ON true
ORDER BY f.n
"""
"""Marks with what they carry of each other, and of those that are there: the last ones say it, however many there are."""
_COLUMNS = (
    "object", "record_id", "at", "kind", "name", "stage", "met", "without", "actor", "resource",
    "visit", "since", "again", "bounced", "after", "after_at",
)  # fmt: skip
ROWS_PER_INSERT = 5_000
ROWS_PER_FETCH = 5_000
LEAVING = (
    EventKind.CREATED,
    EventKind.MOVED,
    EventKind.UPDATED,
    EventKind.SUBSTEP_DONE,
    EventKind.SUBSTEP_UNDONE,
    EventKind.SUBSTEP_WORKED,
    EventKind.FILE_ATTACHED,
    EventKind.FILE_REMOVED,
    EventKind.SIGNED,
    EventKind.SIGNATURE_VOUCHED,
)
_JOURNAL: LiteralString = (
    "SELECT at, actor, object, record_id, kind, data, snapshot FROM chengdan.event "
    "WHERE kind = ANY(%s) AND object = ANY(%s) ORDER BY record_id, xid, seq"
)
_NEEDED: LiteralString = (
    "SELECT NOT EXISTS (SELECT FROM chengdan.mark) AND EXISTS "
    "(SELECT FROM chengdan.event WHERE kind = 'record.created' AND object = ANY(%s))"
)


def writes(left: Sequence[Placed]) -> list[Write]:
    """Statements that insert marks. One after the other: each sees what the marks before it left."""
    found = []
    for start in range(0, len(left), ROWS_PER_INSERT):
        part = followed(left[start : start + ROWS_PER_INSERT])
        rows = [dict(zip(_COLUMNS, _row(*one), strict=True)) for one in part]
        found.append(Write(_INSERT, [dumps_text(rows)], "mark"))
    return found


def apart(left: Sequence[Placed]) -> tuple[list[Placed], list[Placed]]:
    """The marks of records that come into being among them, which have no earlier ones, and those of all others."""
    new = {placed.record for placed in left if placed.mark.kind is MarkKind.ENTERED and not placed.mark.stage}
    first = [placed for placed in left if placed.record in new]
    return first, [placed for placed in left if placed.record not in new]


def copy(connection: Connection, marks: Iterable[tuple[Placed, Carried]]) -> None:
    """Insert many marks, of records that have none yet, with COPY; not possible inside a pipeline."""
    copying.copy(connection, "chengdan", "mark", _COLUMNS, (_row(*one) for one in marks))


def _row(placed: Placed, carried: Carried) -> Row:
    """A mark as its columns."""
    mark = placed.mark
    return (
        placed.object,
        placed.record,
        placed.at,
        mark.kind,
        mark.name,
        mark.stage,
        list(mark.met) or None,
        list(mark.without) or None,
        placed.actor,
        placed.resource,
        carried.visit,
        carried.since,
        carried.again,
        carried.bounced,
        carried.after,
        carried.after_at,
    )


def lost(connection: Connection, objects: Sequence[str]) -> bool:
    """Whether there are no marks although records of these objects have a history."""
    found = connection.execute(_NEEDED, (list(objects),)).fetchone()
    return bool(found and found[0])


def rebuild(connection: Connection, snapshot_of: Callable[[int], Snapshot], objects: Sequence[str]) -> int:
    """Make all marks again from the journal, each by the definitions of its time; returns their number.

    In the open transaction: whoever reads meanwhile sees those that were there.
    """
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.execute("DELETE FROM chengdan.mark")
    by_record = groupby(_read(connection, snapshot_of, objects), key=lambda placed: placed.record)
    marks = chain.from_iterable(followed(left) for _, left in by_record)
    total = 0
    while part := list(islice(marks, ROWS_PER_FETCH)):
        copy(connection, part)
        total += len(part)
    return total


def _read(
    connection: Connection, snapshot_of: Callable[[int], Snapshot], objects: Sequence[str]
) -> Iterator[Placed]:
    overrides: dict[UUID, tuple[Any, dict[str, Any]]] = {}
    kinds = [*LEAVING, EventKind.GATE_OVERRIDDEN]
    with connection.cursor(name="marks") as cursor:
        cursor.itersize = ROWS_PER_FETCH
        cursor.execute(_JOURNAL, ([str(kind) for kind in kinds], list(objects)))
        for at, actor, object, record, kind, data, version in cursor:
            pipeline = snapshot_of(version).pipeline_of(object)
            if pipeline is None or record is None:
                continue
            if kind == EventKind.GATE_OVERRIDDEN:
                overrides[record] = at, data
                continue
            if kind in (EventKind.MOVED, EventKind.CREATED):
                _complete(data, at, overrides.pop(record, None))
            happened = data.get(HAPPENED_AT) or at
            for mark in marks_of(pipeline, kind, data):
                yield Placed(object, record, happened, actor, data.get(RESOURCE), mark)


def _complete(data: dict[str, Any], at: Any, override: tuple[Any, dict[str, Any]] | None) -> None:
    """Events did not always say what a move went without; then the override of the same moment does."""
    if override is not None and WITHOUT not in data and override[0] == at:
        data[WITHOUT] = [*override[1].get("hard", ()), *override[1].get("soft", ())]
